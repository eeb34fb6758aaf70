"""Windows over the window: keys, rules, new project, a reason."""
