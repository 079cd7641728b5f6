# loses: 1
by_hand = {"edges": 8, "degree of Cem": 3, "density": 0.381, "steps from Ada to Gro": 5}
by_hand |= {"betweenness of Dea": 9, "highest betweenness": "Dea"}
