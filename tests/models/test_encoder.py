import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.encoder import fit_static_encoder, load_encoder, pairs_of, require_extra
from models.themes import load_assigner
from signals.errors import SettingsError, StateError
from signals.themes import StaticEncoder, ThemeLayout, theme_words, write_layout
from tests.models.grammar import texts, told


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sentence_transformers")
    folder = tmp_path_factory.mktemp("encoder") / "fitted"
    fit_static_encoder(texts(300), dimensions=32, epochs=4, seed=7, folder=folder)
    return folder


def test_numpy_and_sentence_transformers_give_the_same_vectors(folder: Path) -> None:
    reports = [*texts(60, seed=99), ("", ""), ("", "从未见过的词语组合")]
    ours = StaticEncoder.load(folder).encode(reports)
    model = load_encoder(str(folder)).model
    theirs = model.encode([" ".join(theme_words(title, body)) for title, body in reports])
    assert np.abs(ours - theirs).max() < 1e-5


def test_vectors_have_unit_length_or_are_zero(folder: Path) -> None:
    lengths = np.linalg.norm(StaticEncoder.load(folder).encode([*texts(20), ("", "")]), axis=1)
    assert lengths[:-1] == pytest.approx(1, abs=1e-5)
    assert lengths[-1] == 0


def test_unknown_words_weigh_nothing(folder: Path) -> None:
    encoder = StaticEncoder.load(folder)
    alone, beside = encoder.encode_words([["停水", "水压"], ["停水", "水压", "闻所未闻"]])
    assert np.allclose(alone, beside, atol=1e-6)


def test_a_vector_does_not_depend_on_its_neighbours(folder: Path) -> None:
    encoder, reports = StaticEncoder.load(folder), texts(30)
    assert (encoder.encode(reports)[7] == encoder.encode(reports[7:8])[0]).all()


def test_texts_of_one_subject_are_nearer_than_texts_of_two(folder: Path) -> None:
    reports = told(60, seed=5)
    vectors = StaticEncoder.load(folder).encode([(report.title, report.body) for report in reports])
    subjects = np.array([report.subject for report in reports])
    same = subjects[:, None] == subjects[None, :]
    cosines = vectors @ vectors.T
    assert cosines[same].mean() > cosines[~same].mean() + 0.3


def test_the_same_texts_and_seed_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    fit_static_encoder(texts(300), dimensions=32, epochs=4, seed=7, folder=tmp_path)
    for name in ("model.safetensors", "tokenizer.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_another_seed_gives_other_vectors(folder: Path, tmp_path: Path) -> None:
    fit_static_encoder(texts(300), dimensions=32, epochs=4, seed=8, folder=tmp_path)
    assert (tmp_path / "model.safetensors").read_bytes() != (folder / "model.safetensors").read_bytes()


def test_a_text_without_title_is_paired_with_itself_in_halves() -> None:
    (pair,) = pairs_of([("", "工地夜间施工，电梯故障停运")])
    assert pair.left + pair.right == theme_words("", "工地夜间施工，电梯故障停运")
    assert abs(len(pair.left) - len(pair.right)) <= 1


def test_redaction_marks_are_no_words(folder: Path) -> None:
    words = StaticEncoder.load(folder).rows
    assert not {"姓名", "手机", "〔", "〕"} & set(words)


def test_the_folder_holds_no_pickle(folder: Path) -> None:
    suffixes = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert suffixes <= {".json", ".safetensors", ".md"}


def test_reading_an_encoder_imports_no_torch(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from signals.themes import StaticEncoder; "
        f"StaticEncoder.load(Path({str(folder)!r})).encode([('停水', '')]); "
        "print({'torch', 'sentence_transformers', 'sklearn', 'bertopic'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("name", ["tokenizer.json", "model.safetensors"])
def test_a_damaged_encoder_is_refused_with_its_folder(folder: Path, tmp_path: Path, name: str) -> None:
    for path in folder.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / name).write_bytes((folder / name).read_bytes()[:200])
    with pytest.raises(StateError, match=str(tmp_path)):
        StaticEncoder.load(tmp_path)


def test_an_encoder_that_is_not_there_is_a_wrong_setting() -> None:
    pytest.importorskip("sentence_transformers")
    with pytest.raises(SettingsError, match=r"themes\.encoder.*no-such-model"):
        load_encoder("nowhere/no-such-model")


def test_themes_of_a_named_encoder_are_opened_with_it(folder: Path, tmp_path: Path) -> None:
    centroids = load_encoder(str(folder)).encode([("停水 水压", ""), ("电梯 维保", "")])
    write_layout(tmp_path, ThemeLayout((4, 9), str(folder), ""), centroids)
    assigner = load_assigner(tmp_path, min_similarity=0.5)
    assert [match.theme_id for match in assigner.assign([("电梯 维保", ""), ("水压 停水", "")])] == [9, 4]


def test_a_missing_extra_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(StateError, match=r"缺 .*bertopic.*pip install 'jianwei\[themes\]'"):
        require_extra()


def test_too_few_texts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="文本太少"):
        fit_static_encoder([("停水", "停水")], dimensions=16, epochs=1, seed=1, folder=tmp_path)
