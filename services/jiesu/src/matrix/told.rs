//! The matrix as a document.

use super::{Cell, Matrix};
use std::fmt;

/// How many rules and scenarios of a cell are named; the others are counted.
const NAMED: usize = 3;

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        for service in self.services() {
            self.grid(f, service)?;
        }
        self.regimes.iter().try_for_each(|(id, title)| self.regime(f, id, title))
    }
}

const HEAD: &str = "\
# 能力矩阵 / Capability matrix

由 `jiesu regime matrix tests/scenarios` 生成,请勿手改。● 有规则提供并有场景验证;○ 有规则,没有场景;✗ 需要而没有;空白:不需要也没有。
Made by `jiesu regime matrix tests/scenarios`; not to be edited. ● a rule gives it and a scenario shows it; ○ a rule, and no
scenario; ✗ asked for, and not there; blank: neither.
";

impl Matrix {
    fn services(&self) -> Vec<&str> {
        let mut services: Vec<&str> = Vec::new();
        for capability in &self.capabilities {
            if !services.contains(&capability.of.as_str()) {
                services.push(&capability.of);
            }
        }
        services
    }

    fn cell(&self, regime: &str, capability: &str) -> Option<&Cell> {
        self.cells.get(&(regime.to_owned(), capability.to_owned()))
    }

    /// One table for a service: a row for each regime, a column for each capability.
    fn grid(&self, f: &mut fmt::Formatter<'_>, service: &str) -> fmt::Result {
        let columns: Vec<_> = self.capabilities.iter().filter(|one| one.of == service).collect();
        writeln!(f, "\n## {service}\n")?;
        for one in &columns {
            writeln!(f, "- **{}** {} / {}", one.id, one.zh, one.en)?;
        }
        let ids: Vec<&str> = columns.iter().map(|one| one.id.as_str()).collect();
        writeln!(f, "\n| 制度 / Regime | {} |\n|---|{}", ids.join(" | "), ":-:|".repeat(ids.len()))?;
        for (regime, _) in &self.regimes {
            let marks: Vec<&str> = ids.iter().map(|id| self.cell(regime, id).map_or("", Cell::mark)).collect();
            writeln!(f, "| `{regime}` | {} |", marks.join(" | "))?;
        }
        Ok(())
    }

    /// What gives one regime what it asks for.
    fn regime(&self, f: &mut fmt::Formatter<'_>, id: &str, title: &str) -> fmt::Result {
        writeln!(f, "\n## `{id}` {title}\n\n| 能力 / Capability | 规则 / Rules | 场景 / Scenarios |\n|---|---|---|")?;
        for capability in &self.capabilities {
            let Some(cell) = self.cell(id, &capability.id).filter(|cell| cell.is_asked) else { continue };
            let rules = if capability.by.is_empty() { "平台 / the platform".to_owned() } else { some(&cell.rules) };
            let scenarios: Vec<String> = cell.scenarios.iter().cloned().collect();
            let (id, zh, en) = (&capability.id, &capability.zh, &capability.en);
            writeln!(f, "| {id} {zh} / {en} | {rules} | {} |", some(&scenarios))?;
        }
        Ok(())
    }
}

impl Cell {
    fn mark(&self) -> &'static str {
        match (self.rules.is_empty(), self.scenarios.is_empty()) {
            (_, false) => "●",
            (false, true) => "○",
            (true, true) => "✗",
        }
    }
}

/// The first of them, and how many more there are.
fn some(all: &[String]) -> String {
    let named: Vec<String> = all.iter().take(NAMED).map(|one| one.replace('|', "\\|")).collect();
    let more = all.len().saturating_sub(named.len());
    if more == 0 { named.join(", ") } else { format!("{} (+{more})", named.join(", ")) }
}
