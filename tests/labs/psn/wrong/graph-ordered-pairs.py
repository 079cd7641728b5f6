# loses: 2
by_hand = {"edges": 8, "degree of Cem": 3, "density": 8 / 42, "steps from Ada to Gro": 4}
by_hand |= {"betweenness of Dea": 18, "highest betweenness": "Dea"}
