# loses: 2
by_hand = {"edges": 16, "degree of Cem": 3, "density": 16 / 42 * 2, "steps from Ada to Gro": 4}
by_hand |= {"betweenness of Dea": 9, "highest betweenness": "Dea"}
