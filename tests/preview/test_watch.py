"""Changes are told, whether of text only; a folder that goes and comes is watched again."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from reportgen.preview import watch
from reportgen.preview.watch import Change


def test_changes(tmp_path: Path) -> None:
    answers, templates = tmp_path / "answers", tmp_path / "templates"
    answers.mkdir()

    async def told(changes: AsyncIterator[Change]) -> Change:
        async with asyncio.timeout(20):
            return await anext(changes)

    async def use() -> None:
        changes = watch.changes(lambda: [answers, templates])
        waiting = asyncio.ensure_future(told(changes))
        await asyncio.sleep(0.5)
        (answers / "a.md").write_text("x")
        assert await waiting is Change.TEXT
        (answers / "report.toml").write_text("x")
        assert await told(changes) is Change.ANYTHING
        (answers / "a.md").write_text("y")
        (answers / ".a.md.swp").write_text("y")
        assert await told(changes) is Change.TEXT
        templates.mkdir()  # it was not there
        assert await told(changes) is Change.ANYTHING
        assert await told(changes) is Change.ANYTHING  # once more: what was written meanwhile
        (templates / "style.css").write_text("x")
        assert await told(changes) is Change.TEXT
        (templates / "partial").mkdir()
        assert await told(changes) is Change.EPOCHS
        shutil.rmtree(answers)
        answers.mkdir()  # at once, and maybe under the same number
        assert [await told(changes) for _ in range(3)] == [Change.ANYTHING] * 3
        (answers / "a.md").write_text("z")
        assert await told(changes) is Change.TEXT
        await changes.aclose()  # type: ignore[attr-defined]

    asyncio.run(use())
