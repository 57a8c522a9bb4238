import json
from pathlib import Path

import pytest

from partnership_os.errors import InputError
from partnership_os.evals.replay.cassette import Cassette
from partnership_os.evals.replay.request_key import RequestKey, read_request


def key(model: str = "m", text: str = "hello", system: str = "be brief", **fields: object) -> RequestKey:
    messages = [{"role": "system", "content": system}, {"role": "user", "content": text}]
    return read_request("/chat/completions", json.dumps({"model": model, "messages": messages, **fields}).encode())


def filled() -> Cassette:
    cassette = Cassette()
    for model, text in (("b/model:free", "one"), ("a-model", "two"), ("a-model", "one"), ("a-model", "two")):
        cassette.add(key(model, text), 200, "application/json", f' {{"said": "{len(cassette)}\u2028 جواب"}} \n\n')
    return cassette


def test_what_is_written_is_read_and_written_again_as_the_same_bytes(tmp_path: Path) -> None:
    filled().save(tmp_path / "one")
    loaded = Cassette.load(tmp_path / "one")
    assert list(loaded) == list(filled())
    assert [take.body for take in loaded.takes(key("a-model", "two").digest)] == [
        ' {"said": "1\u2028 جواب"} \n\n',
        ' {"said": "3\u2028 جواب"} \n\n',
    ]
    Cassette(reversed(list(loaded))).save(tmp_path / "two")
    files = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert len(files) == 2 and all(name.endswith(".jsonl") for name in files)
    assert loaded.models == ("a-model", "b/model:free")


def test_models_whose_names_differ_in_signs_only_have_files_of_their_own(tmp_path: Path) -> None:
    cassette = Cassette()
    for model in ("a/b", "a:b", "A/b", "../..", ""):
        cassette.add(key(model), 200, "application/json", "{}")
    cassette.save(tmp_path / "cassette")
    assert len({path.name.casefold() for path in (tmp_path / "cassette").iterdir()}) == 5
    assert [path.name for path in tmp_path.iterdir()] == ["cassette"]


def test_only_the_named_models_are_written(tmp_path: Path) -> None:
    filled().save(tmp_path, ["a-model"])
    assert Cassette.load(tmp_path).models == ("a-model",)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text.replace('"cassette": 1', '"cassette": 2'), "version 1"),
        (lambda text: text.replace('"body"', '"cookie"', 1), "line 2: body"),
        (lambda text: text.replace('"status": 200', '"status": 200, "headers": {}', 1), "line 2: headers"),
        (lambda text: text + "{", "not JSON"),
        (lambda text: text + text.split("\n")[1] + "\n", "take"),
        (lambda text: text.replace('"take": 1', '"take": 5', 1), "take 1"),
        (lambda text: "", "version 1|not JSON"),
    ],
)
def test_a_file_that_is_no_cassette_is_refused_by_name(tmp_path: Path, damage: object, words: str) -> None:
    filled().save(tmp_path)
    file = sorted(tmp_path.iterdir())[0]
    assert callable(damage)
    file.write_bytes(damage(file.read_bytes().decode()).encode())
    with pytest.raises(InputError, match=words) as caught:
        Cassette.load(tmp_path)
    assert caught.value.fix


def test_an_empty_folder_is_no_cassette(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no cassette"):
        Cassette.load(tmp_path)


def test_the_nearest_recording_is_named_by_what_differs() -> None:
    cassette = Cassette()
    assert cassette.nearest(key()) == "the cassette is empty"
    cassette.add(key("m", "one"), 200, "application/json", "{}")
    cassette.add(key("n", "two"), 200, "application/json", "{}")
    assert cassette.nearest(key("m", "two")) == "same prompt, other model n"
    assert cassette.nearest(key("x", "one")) == "same prompt, other model m"
    assert cassette.nearest(key("x", "three")) == "the cassette holds only m, n"
    assert cassette.nearest(key("m", "one", "be long")).endswith("(m, no schema) differs in system prompt")
    assert cassette.nearest(key("m", "one", temperature=1)).endswith("differs in settings")
    assert cassette.nearest(key("m", "x", "y")).endswith("(m, no schema) differs in messages, system prompt")
