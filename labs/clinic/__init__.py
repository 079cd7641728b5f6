"""Data sets and figures for the labs.

>>> import clinic
>>> print(clinic.load_breast_cancer())
Breast Cancer Wisconsin (Diagnostic): 569 patients, 212 malignant and 357 benign; real measurements, not simulated.

What one lab alone needs is in a module of its own, imported by its name: ``from clinic import tumour``.
"""

from clinic import plot
from clinic.card import Card, load_card
from clinic.data import Dataset, fetch_liver, load_breast_cancer, load_covid_testing, load_nhefs
from clinic.device import device
from clinic.fetch import DataError, download

__all__ = [
    "Card",
    "DataError",
    "Dataset",
    "device",
    "download",
    "fetch_liver",
    "load_breast_cancer",
    "load_card",
    "load_covid_testing",
    "load_nhefs",
    "plot",
]
