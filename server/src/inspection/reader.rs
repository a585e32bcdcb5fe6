//! Reading an object in a thread of its own, since the readers of the formats block.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use restow_api::ReadOptions;
use restow_inspect::{InspectError, Inspection, Source, inspect};
use tracing::Span;

use super::counters::Counters;
use crate::app::App;
use crate::crash::{self, Point};

/// How an inspection ended without a result.
pub(super) enum Ended {
    Inspection(InspectError),
    Panic(String),
}

/// An object that is to be read.
pub(super) struct Reading<S> {
    pub source: S,
    pub filename: String,
    /// How it is to be read, as far as that is known.
    pub options: Option<ReadOptions>,
    /// What is kept up to date while it is read.
    pub counters: Arc<Counters>,
}

impl<S: Source + 'static> Reading<S> {
    /// Reads the object, until it is done or `is_over` returns true.
    pub async fn run(
        self,
        app: &Arc<App>,
        is_over: impl Fn() -> bool + Send + 'static,
    ) -> Result<Inspection, Ended> {
        let app = Arc::clone(app);
        let span = Span::current();
        let inspecting = tokio::task::spawn_blocking(move || {
            // What is read is part of the inspection's trace.
            let _entered = span.entered();
            let counters = self.counters;
            let source: Arc<dyn Source> = Arc::new(self.source);
            inspect(
                &source,
                &self.filename,
                &self.options.unwrap_or_default(),
                &app.settings.inspection,
                &mut |progress| {
                    if progress.bytes_done < source.size() {
                        crash::at(Point::InspectReading);
                    }
                    counters.bytes.store(progress.bytes_done, Ordering::Relaxed);
                    counters.rows.store(progress.rows, Ordering::Relaxed);
                    if is_over() {
                        ControlFlow::Break(())
                    } else {
                        ControlFlow::Continue(())
                    }
                },
            )
        });
        match inspecting.await {
            Ok(inspected) => inspected.map_err(Ended::Inspection),
            Err(ended) => Err(Ended::Panic(ended.try_into_panic().map_or_else(
                |_| "cancelled".to_string(),
                |panic| crash::panic_message(&*panic),
            ))),
        }
    }
}
