"""Data sets and figures for the labs.

>>> import clinic
>>> print(clinic.load_breast_cancer())
Breast Cancer Wisconsin (Diagnostic): 569 patients, 212 malignant and 357 benign; real measurements, not simulated.
"""

from clinic import plot
from clinic.data import Card, Dataset, load_breast_cancer, load_card

__all__ = ["Card", "Dataset", "load_breast_cancer", "load_card", "plot"]
