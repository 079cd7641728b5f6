# tries: sends messages over the kernel's own sockets
# must: earn nothing
kernel = getattr(get_ipython(), "kernel", None)
if kernel is not None:
    kernel.session.send(kernel.iopub_socket, "execute_result", {"data": {"text/plain": "3.0"}, "metadata": {}})
