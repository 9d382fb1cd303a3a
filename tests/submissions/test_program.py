"""What a symbol rests on: the statements that a notebook keeps and a screening looks at."""

from __future__ import annotations

import ast

import pytest

from grader.submissions.program import Program


def kept(source: str, *names: str) -> str:
    """The statements that `names` rest on, by the letters of the comments that end them."""
    tree = ast.parse(source)
    closure = Program(tree.body).closure(names or ("f",))
    lines = source.split("\n")
    ends = [tree.body[number].end_lineno or 0 for number in sorted(closure)]
    return "".join(lines[end - 1].rpartition("#")[2].strip() for end in ends)


@pytest.mark.parametrize(
    ("source", "want"),
    [
        # what a definition reads: at once, later, in nested scopes, in decorators and defaults
        ("a = 1 #a\nf = a #f\nb = 2 #b", "af"),
        ("a = 1 #a\ndef f(): return a #f", "af"),
        ("def f(): return g() #f\ndef g(): return h #g\nh = 1 #h\ni = 2 #i", "fgh"),
        ("import d #d\n@d.x\ndef f(): pass #f", "df"),
        ("import d #d\ndef f(x=d.y): pass #f", "df"),
        ("import d #d\ndef f(x: d.y): pass #f", "df"),
        ("import d #d\nclass f(d.B): pass #f", "df"),
        ("a = 1 #a\nclass f:\n  def m(self):\n    return [a for x in y] #f", "af"),
        ("a = 1 #a\nf = lambda: a #f", "af"),
        ("a = 1 #a\nf = [a for a in range(3)] #f", "f"),
        ("a = 1 #a\nf = [x for x in range(a)] #f", "af"),
        ("a = 1 #a\ndef f(a): return a #f", "f"),
        ("a = 1 #a\ndef f():\n  a = 2\n  return a #f", "f"),
        ("a = 1 #a\ndef f():\n  global a\n  a = a + 1 #f", "af"),
        ("a = 1 #a\nclass f:\n  a = 2\n  def m(self): return a #f", "af"),
        ("a = 1 #a\ndef f():\n  def g():\n    return a\n  return g #f", "af"),
        ("import os.path #a\nimport os.sep #b\nf = os #f", "abf"),
        ("from m import * #m\nf = unknown #f", "mf"),
        ("from m import * #m\nf = len #f", "f"),
        ("a = 1 #a\nf = (b := a) #f\ng = b #g", "af"),
        ("a = 1 #a\nf = g(lambda: a) #f\na = 2 #b", "afb"),
        # a later definition replaces an earlier one
        ("f = broken #a\ndef f(): pass #f", "f"),
        ("from m import f #a\nfrom n import f #f", "f"),
        ("import m as f #a\nimport n as f #f", "f"),
        ("a = 1 #a\nf = a #f\na = 2 #b", "af"),
        ("a = 1 #a\ndef f(): return a #f\na = 2 #b", "fb"),
        ("def f(): pass #a\nf = wrap(f) #b", "ab"),
        ("a = 1 #a\na = a + 1 #b\nf = a #f", "abf"),
        ("a = 1 #a\na += 1 #b\nf = a #f", "abf"),
        ("a = 1 #a\ndef g(): return a #g\nf = g() #f\na = 2 #b", "agfb"),
        # a conditional one is added to it
        ("a = 1 #a\nif x: a = 2 #b\nf = a #f", "abf"),
        ("try: import a #a\nexcept E: a = None #b\nf = a #f", "bf"),
        ("for a in r: pass #a\nf = a #f", "af"),
        ("with o() as a: pass #a\nf = a #f", "af"),
        ("f = 1 #f\ndel f #d", "fd"),
        # changes of an object that is needed
        ("c = {} #c\nc.update(a=1) #u\nf = c #f", "cuf"),
        ("c = {} #c\ndef f(): return c #f\nc['x'] = 1 #u", "cfu"),
        ("class f: pass #f\nf.call = 1 #u", "fu"),
        ("class f: pass #f\nsetattr(f, 'x', 1) #u", "fu"),
        ("c = [] #c\nfor i in r: c.append(i) #u\nf = c #f", "cuf"),
        ("d = {} #d\nc = {} #c\nd.update(c) #u\nf = c #f", "cf"),
        ("c = [] #c\nc.append(1) #u\nc = [] #d\nf = c #f", "df"),
        ("import k #k\nclass f: pass #f\nk.get_custom_objects()['f'] = f #r", "kfr"),
        ("import k #k\nclass f: pass #f\nk.register_keras_serializable()(f) #r", "kfr"),
        ("import k #k\nclass g: pass #g\nk.get_custom_objects()['g'] = g #r\nf = k #f", "kf"),
        ("def init():\n  global T\n  T = 1 #i\ninit() #c\ndef f(): return T #f", "icf"),
        ("T = None #t\ndef f():\n  global T\n  T = T or 1 #f\nf() #c", "tf"),
        ("globals()['f'] = 1 #f\ng = 1 #g", "f"),
        ("import s #s\nsetattr(s.modules[n], 'f', 1) #f", "sf"),
        # plots, training, prints and tests
        ("def f(): pass #f\nprint(f()) #p\nplt.plot(f()) #q\nassert f() #r", "f"),
        ("m = M() #m\nm.compile() #c\nm.fit(x) #t\nm.summary() #s\ndef f(): return m #f", "mcf"),
        ("import n #n\nn.seed(0) #s\nf = n.x #f", "nf"),
        ("def f(): pass #f\nf.get_concrete_function() #p\nf.build() #b", "f"),
        ("h = f(x) #h\ndef f(): pass #f", "f"),
        ("def f(): pass #f\nif __name__ == '__main__':\n  f = 1 #m", "f"),
        ("if __name__ == '__main__': pass\nelse: f = 1 #m", "m"),
    ],
)
def test_rests_on(source: str, want: str) -> None:
    """Exactly these statements are kept for `f`."""
    assert kept(source) == want


def test_match_and_except_names() -> None:
    """Names bound by patterns and handlers are bindings."""
    assert kept("match x:\n  case [f, *r]: pass #m") == "m"
    assert kept("match x:\n  case {'a': 1, **f}: pass #m") == "m"
    assert kept("try: pass\nexcept E as f: pass #m") == "m"


def test_linear() -> None:
    """Thousands of rebindings that read one another are each kept, and looked at once."""
    source = "x = 0\n" + "if x: x = x\n" * 4_000 + "f = x\n"
    program = Program(ast.parse(source).body)
    assert len(program.closure(["f"])) == 4_002
    assert len(program.reaching("x", program.end)) == 64
