//! The templates, once for each primary language, and the few words a template may use beside its own.
//!
//! Texts stand in the templates in both languages: `w` writes the one read first, `both` writes the other one beside
//! it, smaller and marked with its own `lang`.

use crate::{language::Language, typed::tail};
use chrono::DateTime;
use chrono_tz::Tz;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value, context,
    value::{Rest, Serde},
};
use rust_embed::Embed;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

#[derive(Embed)]
#[folder = "templates"]
pub(crate) struct TemplateFiles;

#[derive(Embed)]
#[folder = "assets"]
pub(crate) struct AssetFiles;

/// What surrounds every page.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Shell {
    #[serde(skip)]
    pub(crate) language: Language,
    /// The name of the person signed in; empty for the public.
    pub(crate) person: String,
    pub(crate) csrf: String,
    /// The address to switch language at; empty where a page cannot be asked for again.
    pub(crate) switch: String,
    /// Whether the person may look after the installation.
    pub(crate) is_keeper: bool,
}

/// Both sets of templates.
pub(crate) struct Templates {
    zh: Environment<'static>,
    en: Environment<'static>,
}

impl Templates {
    /// Reads and parses every template.
    pub(crate) fn load(zone: Tz) -> anyhow::Result<Self> {
        Ok(Self { zh: environment(Language::Zh, zone)?, en: environment(Language::En, zone)? })
    }

    /// Renders one page.
    pub(crate) fn render<V: Serialize>(&self, template: &str, shell: &Shell, view: &V) -> Result<String, Error> {
        let environment = match shell.language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        };
        let context = context! { shell => Value::from(Serde(shell)), v => Value::from(Serde(view)) };
        environment.get_template(template)?.render(context)
    }
}

/// A short digest of the style sheet, so that its address changes when it does.
pub(crate) fn style_version() -> String {
    let data = AssetFiles::get("console.css").map(|file| file.data).unwrap_or_default();
    hex(&Sha256::digest(&data)).chars().take(12).collect()
}

/// Bytes as lower-case digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn environment(language: Language, zone: Tz) -> anyhow::Result<Environment<'static>> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    env.add_global("lang", language.tag());
    env.add_global("other_lang", language.other().code());
    env.add_global("zone", zone.name());
    env.add_global("style_version", style_version());
    env.add_function("w", move |zh: &str, en: &str| choose(language, zh, en).to_owned());
    env.add_function("both", move |zh: &str, en: &str| beside(language, zh, en));
    env.add_filter("say", move |text: Value| say(language, &text));
    env.add_filter("pair", move |text: Value| pair(language, &text));
    env.add_filter("when", move |at: Value| when(zone, &at));
    env.add_filter("tail", |name: &str| tail(name).to_owned());
    env.add_filter("grouped", |code: &str| grouped(code));
    env.add_filter("value", value);
    env.add_filter("holds", holds);
    env.add_filter("values", |typed: Value, name: &str| values(&typed, name));
    env.add_filter("wrong", move |typed: Value, names: Rest<String>| wrong(language, &typed, &names));
    for path in TemplateFiles::iter() {
        let Some(file) = TemplateFiles::get(&path) else { continue };
        env.add_template_owned(path.into_owned(), String::from_utf8(file.data.into_owned())?)?;
    }
    Ok(env)
}

/// The text read first; where only one language is given, that one.
fn choose<'a>(language: Language, zh: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Zh if !zh.is_empty() => zh,
        Language::En if en.is_empty() => zh,
        _ => en,
    }
}

fn beside(language: Language, zh: &str, en: &str) -> Value {
    let escape = |text: &str| minijinja::HtmlEscape(text).to_string();
    let first = escape(choose(language, zh, en));
    let second = escape(choose(language.other(), zh, en));
    if first == second {
        return Value::from_safe_string(first);
    }
    let tag = language.other().tag();
    Value::from_safe_string(format!("{first} <span class=\"beside\" lang=\"{tag}\">{second}</span>"))
}

fn halves(text: &Value) -> Result<(String, String), Error> {
    let half = |name| text.get_attr(name).map(|v| v.as_str().unwrap_or_default().to_owned());
    Ok((half("zh")?, half("en")?))
}

fn say(language: Language, text: &Value) -> Result<String, Error> {
    let (zh, en) = halves(text)?;
    Ok(choose(language, &zh, &en).to_owned())
}

fn pair(language: Language, text: &Value) -> Result<Value, Error> {
    let (zh, en) = halves(text)?;
    Ok(beside(language, &zh, &en))
}

/// An instant as a `time` element in the zone of the installation; nothing for none.
fn when(zone: Tz, at: &Value) -> Result<Value, Error> {
    let Some(text) = at.as_str() else { return Ok(Value::from("—")) };
    let at = DateTime::parse_from_rfc3339(text)
        .map_err(|e| Error::new(ErrorKind::InvalidOperation, "not an instant").with_source(e))?;
    let local = at.with_timezone(&zone).format("%Y-%m-%d %H:%M");
    Ok(Value::from_safe_string(format!("<time datetime=\"{}\">{local}</time>", at.to_rfc3339())))
}

/// A receipt code in groups of four, as it is read aloud.
pub(crate) fn grouped(code: &str) -> String {
    let digits: Vec<char> = code.chars().filter(|c| c.is_alphanumeric()).collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn values(typed: &Value, name: &str) -> Result<Vec<String>, Error> {
    let list = typed.get_attr("values")?.get_item(&Value::from(name))?;
    if list.is_undefined() {
        return Ok(Vec::new());
    }
    Ok(list.try_iter()?.filter_map(|v| v.as_str().map(str::to_owned)).collect())
}

/// What stands in the control `name`.
fn value(typed: Value, name: &str) -> Result<String, Error> {
    Ok(values(&typed, name)?.pop().unwrap_or_default())
}

/// Whether the control `name` has `wanted` among its values.
fn holds(typed: Value, name: &str, wanted: &str) -> Result<bool, Error> {
    Ok(values(&typed, name)?.iter().any(|value| value == wanted))
}

/// What is wrong with the control of one of these names, or "".
fn wrong(language: Language, typed: &Value, names: &[String]) -> Result<String, Error> {
    let problem = typed.get_attr("problem")?;
    if problem.is_none() {
        return Ok(String::new());
    }
    for field in problem.get_attr("fields")?.try_iter()? {
        let name = field.get_attr("field")?;
        if names.iter().any(|wanted| tail(wanted) == tail(name.as_str().unwrap_or_default())) {
            return say(language, &field.get_attr("text")?);
        }
    }
    Ok(String::new())
}
