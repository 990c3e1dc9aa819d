//! A tree of YAML knows its lines, and is written as it was read.

use super::*;

#[test]
fn every_value_knows_its_line_and_keeps_its_spelling() {
    let root =
        Node::parse("a: 1.10\non: yes\nlist:\n  - {x: 007}\n  - 一.3\nempty:\nblock: >\n  two\n  lines\n", 0).unwrap();
    let spelled = |name: &str| root.get(name).unwrap().text().unwrap().to_owned();
    assert_eq!((spelled("a"), spelled("on")), ("1.10".into(), "yes".into()));
    assert_eq!(spelled("block"), "two lines\n");
    let list = root.get("list").unwrap().members();
    assert_eq!((list[0].line.number, list[0].get("x").unwrap().text()), (4, Some("007")));
    assert_eq!((list[1].line.number, list[1].text()), (5, Some("一.3")));
    assert_eq!(root.get("empty").unwrap().line.number, 6);
}

#[test]
fn what_is_not_yaml_is_refused_at_its_line() {
    assert_eq!(Node::parse("a: 1\nb: [1, 2\nc: 3\n", 0).unwrap_err().0.number / 2, 1);
    assert!(Node::parse("a: *nowhere\n", 0).is_err());
    assert!(Node::parse("a: 1\n---\nb: 2\n", 0).is_err());
}

#[test]
fn a_bomb_of_brackets_or_of_aliases_is_refused() {
    assert!(Node::parse(&"[".repeat(100_000), 0).is_err());
    assert!(Node::parse(&format!("a: {}1{}", "[".repeat(60), "]".repeat(60)), 0).is_err());
    let mut yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let m = n - 1;
        yaml += &format!("a{n}: &a{n} [*a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}]\n");
    }
    assert!(Node::parse(&yaml, 0).is_err());
}

/// The tree without its lines.
fn told(node: &Node) -> String {
    match &node.data {
        Data::Empty | Data::Broken => "~".to_owned(),
        Data::Text(text) => format!("{text:?}"),
        Data::List(members) => format!("[{}]", members.iter().map(told).collect::<Vec<_>>().join(",")),
        Data::Map(entries) => {
            let pair = |(key, node): &(Key, Node)| format!("{:?}:{}", key.name, told(node));
            format!("{{{}}}", entries.iter().map(pair).collect::<Vec<_>>().join(","))
        }
    }
}

#[test]
fn a_tree_is_written_so_that_it_reads_as_the_same_tree() {
    let hostile = "a: {b: [], c: {}, d: ~, 'e: f': 'x # y', \"g\\nh\": \"\\t'\\\"\\\\\", i: null, j: 'null', k: '', l: '- x'}\nm: [[1, 2], {n: 1.10}, 007, 0x1F, '~', ~]\no: {p: {q: {r: {s: '一: 二', t: '你好 世界'}}}}\nu: ' v '\nw: 'no'\nx: .5\ny: '@z'\n";
    for yaml in [hostile, crate::sample::PACK] {
        let tree = Node::parse(yaml, 0).unwrap();
        let written = tree.to_yaml();
        assert_eq!(told(&Node::parse(&written, 0).unwrap()), told(&tree), "{written}");
        assert_eq!(Node::parse(&written, 0).unwrap().to_yaml(), written);
    }
}
