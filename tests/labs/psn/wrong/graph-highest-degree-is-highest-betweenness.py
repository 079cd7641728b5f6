# loses: 1
by_hand = {"edges": 8, "degree of Cem": 3, "density": 8 / 21, "steps from Ada to Gro": 4}
by_hand |= {"betweenness of Dea": 9, "highest betweenness": "Cem"}
