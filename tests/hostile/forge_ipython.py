# tries: replaces how IPython runs cells
# must: earn nothing, flagged
shell = get_ipython()
shell.displayhook.write_format_data = lambda *_: None
type(shell).run_cell = lambda self, *_, **__: None
shell.ast_node_interactivity = "none"
