"""What the settings need from the environment, for tests only. Loaded before the settings are."""

import os
import tempfile

os.environ.setdefault("THUTO_VAR", tempfile.mkdtemp(prefix="thuto-test-"))
os.environ.setdefault("SECRET_KEY", "for tests only")
os.environ.setdefault("CONTACT_KEYS", "VGVzdHMgb25seSwgbm90aGluZyBzZWNyZXQgaGVyZSE=")
os.environ.setdefault("BLIND_INDEX_KEY", "for tests only")
os.environ.setdefault("PIN_PEPPER", "for tests only")
os.environ.setdefault("SEALING_KEYS", "Rm9yIHRlc3RzIG9ubHksIG5vdGhpbmcgc2VjcmV0IC4")
os.environ.setdefault("ISSUER_KEY_SECRET", "for tests only")

# WhiteNoise warns when there is no directory to serve, and a warning is an error here.
os.makedirs(os.path.join(os.environ["THUTO_VAR"], "static"), exist_ok=True)  # noqa: PTH103, PTH118
