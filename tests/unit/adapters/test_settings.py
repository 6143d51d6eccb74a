"""What a node's settings file and environment come to."""

import pytest

from clearline.adapters.settings import BadSettings, Settings, read_settings


def test_without_a_file_every_default_holds(tmp_path):
    """A node starts with nothing written down."""
    assert read_settings(tmp_path, {}) == Settings()


def test_the_file_is_read(tmp_path):
    """What the file says holds."""
    (tmp_path / "clearline.toml").write_text('[web]\nport = 9000\nnames = ["desk"]\n')
    found = read_settings(tmp_path, {}).web
    assert (found.port, found.names, found.host) == (9000, ("desk",), "127.0.0.1")


def test_the_environment_wins(tmp_path):
    """A name in the environment wins over the file, lists and truths included."""
    (tmp_path / "clearline.toml").write_text("[web]\nport = 9000\n")
    environment = {
        "CLEARLINE_WEB_PORT": "9001",
        "CLEARLINE_WEB_NAMES": "desk.example, 10.0.0.1",
        "CLEARLINE_WEB_TLS": "false",
    }
    found = read_settings(tmp_path, environment).web
    assert (found.port, found.tls) == (9001, False)
    assert found.names == ("desk.example", "10.0.0.1")


def test_a_secret_may_lie_in_a_file_of_its_own(tmp_path):
    """`NAME_FILE` names a file whose text is the value."""
    (tmp_path / "host").write_text("::1\n")
    environment = {"CLEARLINE_WEB_HOST_FILE": str(tmp_path / "host")}
    assert read_settings(tmp_path, environment).web.host == "::1"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[web]\nprot = 1\n", "prot"),
        ("[wbe]\nport = 1\n", "wbe"),
        ("[web]\nport = 70000\n", "port"),
        ("[web\n", "clearline.toml"),
    ],
)
def test_what_cannot_be_meant_is_named(tmp_path, text, named):
    """A misspelt name is an error that names it, never a silent default."""
    (tmp_path / "clearline.toml").write_text(text)
    with pytest.raises(BadSettings, match=named):
        read_settings(tmp_path, {})


def test_a_misspelt_name_in_the_environment_stops_the_start(tmp_path):
    """It was meant as a setting; what begins otherwise is none of ours."""
    with pytest.raises(BadSettings, match="CLEARLINE_SMS_PASWORD_FILE"):
        read_settings(tmp_path, {"CLEARLINE_SMS_PASWORD_FILE": "/run/secrets/sms"})
    others = {"CLEARLINE_CALLED_AS": "./run", "CLEARLINE_GAZETTEER_FOLDER": "/x"}
    assert read_settings(tmp_path, others) == Settings()


def test_what_the_command_line_says_is_held_to_the_same(tmp_path):
    """It wins over file and environment, and what cannot be meant is named."""
    environment = {"CLEARLINE_WEB_PORT": "9001"}
    assert read_settings(tmp_path, environment, {"port": 9002}).web.port == 9002
    with pytest.raises(BadSettings, match="65535"):
        read_settings(tmp_path, {}, {"port": 99999})
