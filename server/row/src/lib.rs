//! Derives `sqlx::FromRow` with the attributes that the server uses.
//!
//! sqlx has such a derive itself, in a crate that contains its drivers, so that both databases and TLS would be compiled a
//! second time for the compiler's own use.

mod field;

use proc_macro::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields, parse_macro_input};

use field::Column;

/// Derives `sqlx::FromRow` for a struct with named fields, each of which is read from the column of its name.
///
/// On a field, `#[sqlx(rename = "column")]` names another column, `#[sqlx(try_from = "Type")]` reads that type and converts
/// it, and `#[sqlx(flatten)]` reads a struct from the same row.
#[proc_macro_derive(FromRow, attributes(sqlx))]
pub fn derive_from_row(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

fn expand(input: &DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    let name = &input.ident;
    let named = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if input.generics.params.is_empty() => Some(&fields.named),
            _ => None,
        },
        _ => None,
    };
    let fields = named.ok_or_else(|| {
        syn::Error::new_spanned(
            name,
            "FromRow needs a struct with named fields and without parameters",
        )
    })?;
    let columns = fields
        .iter()
        .map(Column::of)
        .collect::<syn::Result<Vec<_>>>()?;
    let bounds = columns.iter().map(Column::bounds);
    let reads = columns.iter().map(Column::read);
    Ok(quote! {
        #[automatically_derived]
        impl<'r, R: ::sqlx::Row> ::sqlx::FromRow<'r, R> for #name
        where
            &'r str: ::sqlx::ColumnIndex<R>,
            #(#bounds)*
        {
            fn from_row(row: &'r R) -> ::sqlx::Result<Self> {
                ::std::result::Result::Ok(Self { #(#reads)* })
            }
        }
    })
}
