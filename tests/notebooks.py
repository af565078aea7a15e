"""Takes progress bars out of the outputs of notebooks: ``python -m tests.notebooks``.

Run in a page a bar is a widget, which outside of it is a line of noise.
"""

from __future__ import annotations

import nbformat

from tests.conftest import ROOT

WIDGET = "application/vnd.jupyter.widget-view+json"


def progress(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return the outputs that are progress bars."""
    return [output for cell in notebook.cells for output in cell.get("outputs", []) if WIDGET in output.get("data", {})]


def main() -> None:
    """Rewrite every notebook without progress bars."""
    for file in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(file, as_version=4)
        bars = progress(notebook)
        for cell in notebook.cells:
            if "outputs" in cell:
                cell.outputs = [output for output in cell.outputs if output not in bars]
        notebook.metadata.pop("widgets", None)
        nbformat.write(notebook, file)


if __name__ == "__main__":
    main()
