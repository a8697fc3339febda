"""The forms that go out, and the template they are drawn from."""
