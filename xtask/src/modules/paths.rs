//! Paths in the tokens of an item. Tokens are searched rather than expressions, since macros have paths too.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item};

use super::import::{Import, Use, flatten};

/// The name that an item defines in its module.
pub fn defined(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

/// Whether an attribute compiles its item for tests only.
pub fn is_test(attribute: &Attribute) -> bool {
    is_test_only(&attribute.meta.to_token_stream())
}

/// Whether the tokens are `cfg(test)`, `cfg(doctest)`, or `cfg(all(…))` with one of these.
fn is_test_only(attribute: &TokenStream) -> bool {
    let tokens: Vec<_> = attribute.clone().into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(cfg), TokenTree::Group(conditions)] if cfg == "cfg" => {
            requires_test(&conditions.stream())
        }
        _ => false,
    }
}

fn requires_test(conditions: &TokenStream) -> bool {
    let tokens: Vec<_> = conditions.clone().into_iter().collect();
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Ident(name) if name == "all" => {
            matches!(tokens.get(at + 1), Some(TokenTree::Group(inner)) if requires_test(&inner.stream()))
        }
        TokenTree::Ident(name) => name == "test" || name == "doctest",
        _ => false,
    })
}

/// Collects the paths of the tokens.
pub fn collect(tokens: TokenStream, uses: &mut Vec<Use>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        at = match &tokens[at] {
            TokenTree::Punct(punct) if punct.as_char() == '#' => after_attribute(&tokens, at, uses),
            TokenTree::Group(group) => {
                collect(group.stream(), uses);
                at + 1
            }
            TokenTree::Ident(ident) if ident == "use" => after_import(&tokens, at, uses),
            TokenTree::Ident(_) if !continues(&tokens, at) => after_path(&tokens, at, uses),
            _ => at + 1,
        };
    }
}

/// Skips an attribute, and what follows it if that is compiled for tests only.
fn after_attribute(tokens: &[TokenTree], at: usize, uses: &mut Vec<Use>) -> usize {
    let Some(TokenTree::Group(group)) = tokens.get(at + 1) else {
        return at + 1;
    };
    if !is_test_only(&group.stream()) {
        collect(group.stream(), uses);
        return at + 2;
    }
    let is_end = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => matches!(punct.as_char(), ';' | ','),
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    let rest = &tokens[at + 2..];
    rest.iter()
        .position(is_end)
        .map_or(tokens.len(), |end| at + 2 + end + 1)
}

/// Collects the imports of a declaration inside a function. What precise capturing names is skipped likewise.
fn after_import(tokens: &[TokenTree], at: usize, uses: &mut Vec<Use>) -> usize {
    let is_end =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    let Some(length) = tokens[at..].iter().position(is_end) else {
        return at + 1;
    };
    let declaration = tokens[at..=at + length].iter().cloned().collect();
    let Ok(declared) = syn::parse2::<syn::ItemUse>(declaration) else {
        return at + 1;
    };
    let mut imports: Vec<Import> = Vec::new();
    flatten(&declared.tree, &[], false, &mut imports);
    uses.extend(imports.into_iter().map(|import| import.path));
    at + length + 1
}

/// Whether the token belongs to what stands before it: a field, a method, or a path that began earlier.
fn continues(tokens: &[TokenTree], at: usize) -> bool {
    let punct = |back: usize| match at.checked_sub(back).map(|before| &tokens[before]) {
        Some(TokenTree::Punct(punct)) => Some(punct.as_char()),
        _ => None,
    };
    match punct(1) {
        Some('.') => punct(2) != Some('.'),
        Some(':') => punct(2) == Some(':'),
        _ => false,
    }
}

fn after_path(tokens: &[TokenTree], at: usize, uses: &mut Vec<Use>) -> usize {
    let mut segments = vec![tokens[at].to_string()];
    let mut end = at + 1;
    while let [
        TokenTree::Punct(one),
        TokenTree::Punct(two),
        TokenTree::Ident(next),
        ..,
    ] = &tokens[end..]
    {
        if one.as_char() != ':' || two.as_char() != ':' {
            break;
        }
        segments.push(next.to_string());
        end += 3;
    }
    let line = tokens[at].span().start().line;
    uses.push(Use { segments, line });
    end
}
