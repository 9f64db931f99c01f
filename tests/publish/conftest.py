"""Two finished sessions, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.publish.making import make_session


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build two small sessions."""
    folder = tmp_path_factory.mktemp("dist")
    make_session(folder)
    make_session(folder, "evening", title="Ruhiger Abend", about="Langsam.\n\nGanz langsam.", language="de")
    return folder
