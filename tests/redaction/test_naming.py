"""The name model: what it refuses, and that nothing runs without it."""

import random
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from signals.errors import StateError
from signals.redaction import Said, naming, redact, redact_each
from signals.redaction.candidates import PAD, codes_of, propose
from signals.redaction.features import endings_near, hashed
from signals.redaction.naming import WEIGHTS, load_name_model


def proposed(text: str) -> set[str]:
    found = propose(codes_of(text))
    return {text[s - PAD : s - PAD + n] for s, n in zip(found.start.tolist(), found.length.tolist(), strict=True)}


def test_the_gate_proposes_single_and_compound_surnames_with_one_or_two_characters() -> None:
    assert {"邝彩霞", "邝彩", "司徒文彬", "司徒文"} <= proposed("邝彩霞和司徒文彬")


def test_the_gate_proposes_what_stands_for_a_name() -> None:
    assert {"阿珍", "刘某", "梁"} <= proposed("阿珍说刘某欠钱，梁伯也说")


def test_the_gate_proposes_nothing_where_there_is_no_surname() -> None:
    assert proposed("") == proposed("路灯不亮") == set()


def test_characters_beyond_the_basic_plane_do_no_harm() -> None:
    assert redact("😀𠮷田路灯不亮😀") == "😀𠮷田路灯不亮😀"


@pytest.mark.parametrize("content", [None, b"", b"no weights", WEIGHTS.read_bytes()[:5000]])
def test_without_whole_weights_nothing_is_redacted(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "naming.npz"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(naming, "WEIGHTS", path)
    naming.name_model.cache_clear()
    try:
        with pytest.raises(StateError, match="naming.npz: .*模型.*重新安装") as refused:
            redact("我叫陈小文")
    finally:
        naming.name_model.cache_clear()
    assert "陈小文" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_doubtful_name_is_found_where_the_same_one_is_sure_elsewhere_in_the_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def margins(_: object, rows: np.ndarray) -> np.ndarray:
        return np.array([4.0, -2.5, *[-9.0] * len(rows)], np.float32)[: len(rows)]

    monkeypatch.setattr(naming.NameModel, "margins", margins)
    model = naming.name_model()
    assert model.names_in(["文辉。文辉。"]) == [[(0, 2), (3, 5)]]
    assert model.names_in(["文辉。文军。"]) == [[(0, 2)]]
    assert model.names_in(["文辉。", "文辉。"]) == [[(0, 2)], []]


def test_what_is_surely_no_name_elsewhere_in_the_text_is_none_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def margins(_: object, rows: np.ndarray) -> np.ndarray:
        return np.array([2.0, -9.0, *[-9.0] * len(rows)], np.float32)[: len(rows)]

    monkeypatch.setattr(naming.NameModel, "margins", margins)
    model = naming.name_model()
    assert model.names_in(["文辉。文辉。"]) == [[]]
    assert model.names_in(["文辉。文军。"]) == [[(0, 2)]]
    assert model.names_in(["文辉。", "文辉。"]) == [[(0, 2)], []]


def test_texts_redacted_together_come_out_as_each_does_alone() -> None:
    pieces = [*"陈司徒文彬阿珍老梁伯郡府花园小区区", "我叫", "姓名：", "联系人", "13800138000",
              "5栋2单元301", "先生", "，", "。\n", "\0", "😀",
              "A3", "陈小文", "住", "开发", "国际", "位于", "微信号abc123"]  # fmt: skip
    rng = random.Random(7)
    texts = ["", *("".join(rng.choices(pieces, k=rng.randint(1, 12))) for _ in range(600))]
    said = [Said(text, ("文彬",) if i % 3 else (), ("abc123",) if i % 2 else ()) for i, text in enumerate(texts)]
    alone = [redact(one.text, names=one.names, accounts=one.accounts) for one in said]
    assert redact_each(said) == alone
    assert sum(clean != text for clean, text in zip(alone, texts, strict=True)) > 300
    whole = "。".join(texts * 3)  # beyond what is looked at together
    assert redact_each([Said(whole), Said("我叫陈小文")]) == [redact(whole), "我叫〔姓名〕"]


def test_many_candidates_are_weighed_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "住户陈小文和邝彩霞说，梁伯家旁的华府花园停水，司徒文彬也说。" * 20
    found = naming.name_model().names_in([text])
    assert len(found[0]) > 60
    monkeypatch.setattr(naming, "_AT_ONCE", 7)
    assert naming.name_model().names_in([text]) == found


def test_what_a_candidate_weighs_does_not_depend_on_the_others_to_the_last_bit() -> None:
    codes = codes_of("住户陈小文和邝彩霞说，梁伯家旁的华府花园停水，司徒文彬也说。" * 3)
    found, model = propose(codes), naming.name_model()
    rows = hashed(codes, found, model.lexicon.ranks(codes))
    alone = [model.margins(rows[i : i + 1])[0] for i in range(len(rows))]
    assert np.array_equal(model.margins(rows), np.array(alone, np.float32))


def test_few_characters_are_looked_at_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    class Seen(naming.NameModel):
        def names_in(self, texts: Sequence[str], *, line: float = 0.0) -> list[list[tuple[int, int]]]:
            sizes.append(sum(map(len, texts)))
            return [[] for _ in texts]

    seen = Seen(*(getattr(naming.name_model(), field.name) for field in fields(naming.NameModel)))
    monkeypatch.setattr("signals.redaction.names.name_model", lambda: seen)
    redact_each([Said("路灯不亮" * 100)] * 100)
    assert sum(sizes) == 40_000
    assert max(sizes) <= 8_000 + 400


def test_what_the_first_look_uncovers_the_second_takes() -> None:
    assert redact("当时在场的还有禤昊和阮凤仪") == "当时在场的还有〔姓名〕和〔姓名〕"


def test_a_word_that_small_or_old_makes_is_nobody() -> None:
    assert redact("全面小康，小区有治安，老区没有") == "全面小康，小区有治安，老区没有"


def test_how_far_an_ending_is_and_that_a_sign_stops_it() -> None:
    text = "林美水郡，花园"
    codes = codes_of(text.replace("，", ","))
    far = endings_near(codes, np.arange(PAD, PAD + len(text)))
    assert [divmod(value, 6) for value in far.tolist()] == [
        (3, 2), (2, 1), (1, 0), (0, 5), (5, 5), (1, 0), (0, 5)
    ]  # fmt: skip


def test_weights_of_another_shape_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "naming.npz"
    with np.load(WEIGHTS) as held:
        np.savez(path, **{name: held[name][:10] for name in held.files})
    with pytest.raises(StateError, match="权重"):
        load_name_model(path)


def test_ou_is_a_surname_at_the_start_of_a_line_and_none_behind_a_code() -> None:
    assert redact("求助\n区晓彤 就这个号") == "求助\n〔姓名〕 就这个号"
    assert redact("A3区晓彤 就这个号") == "A3区晓彤 就这个号"
