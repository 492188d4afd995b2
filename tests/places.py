"""Where things lie while tests run: the models that were trained once for all of them."""

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODELS = ROOT / os.environ.get("HELPDESK_VAR", "var") / "nlu"


def with_models(folder: Path) -> Path:
    """A new ``var`` in ``folder`` for processes of their own, with the trained models at hand."""
    var = folder / "var"
    var.mkdir(parents=True)
    var.joinpath("nlu").symlink_to(MODELS)
    return var
