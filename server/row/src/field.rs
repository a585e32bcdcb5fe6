//! One field: from which column it is read, and how.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Field, Ident, LitStr, Type};

/// How a field is read.
enum Source {
    /// From a column of its own type.
    Column,
    /// From a column of another type, which is converted.
    Converted(Box<Type>),
    /// From several columns, as a struct.
    Flattened,
}

/// A field and its column.
pub struct Column<'a> {
    field: &'a Ident,
    field_type: &'a Type,
    name: String,
    source: Source,
}

impl<'a> Column<'a> {
    /// The column of a named field.
    ///
    /// # Errors
    /// If an attribute is not known.
    pub fn of(field: &'a Field) -> syn::Result<Self> {
        let ident = field
            .ident
            .as_ref()
            .ok_or_else(|| syn::Error::new_spanned(field, "the field has no name"))?;
        let mut column = Self {
            field: ident,
            field_type: &field.ty,
            name: ident.to_string(),
            source: Source::Column,
        };
        for attribute in &field.attrs {
            if attribute.path().is_ident("sqlx") {
                attribute.parse_nested_meta(|meta| {
                    if meta.path.is_ident("rename") {
                        column.name = meta.value()?.parse::<LitStr>()?.value();
                    } else if meta.path.is_ident("try_from") {
                        let converted = meta.value()?.parse::<LitStr>()?.parse()?;
                        column.source = Source::Converted(Box::new(converted));
                    } else if meta.path.is_ident("flatten") {
                        column.source = Source::Flattened;
                    } else {
                        return Err(meta.error("expected rename, try_from or flatten"));
                    }
                    Ok(())
                })?;
            }
        }
        Ok(column)
    }

    /// What the types have to implement, for a row `R` that lives for `'r`.
    pub fn bounds(&self) -> TokenStream {
        let read = match &self.source {
            Source::Column => self.field_type,
            Source::Converted(read) => read,
            Source::Flattened => {
                let field_type = self.field_type;
                return quote!(#field_type: ::sqlx::FromRow<'r, R>,);
            }
        };
        quote!(#read: ::sqlx::Decode<'r, R::Database> + ::sqlx::Type<R::Database>,)
    }

    /// The field in the struct's expression, read from `row`.
    pub fn read(&self) -> TokenStream {
        let (field, field_type, name) = (self.field, self.field_type, &self.name);
        let value = match &self.source {
            Source::Column => quote!(::sqlx::Row::try_get(row, #name)?),
            Source::Flattened => quote!(<#field_type as ::sqlx::FromRow<'r, R>>::from_row(row)?),
            Source::Converted(read) => quote! {
                <#field_type as ::std::convert::TryFrom<#read>>::try_from(::sqlx::Row::try_get(row, #name)?)
                    .map_err(|error| ::sqlx::Error::ColumnDecode {
                        index: #name.to_string(),
                        source: ::std::convert::Into::into(error),
                    })?
            },
        };
        quote!(#field: #value,)
    }
}
