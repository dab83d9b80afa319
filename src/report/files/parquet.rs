//! `units.parquet`: the table of units for columnar tools, with the same columns as `units.csv`.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{Type, TypePtr};

use super::tables::{File, Paths, Units};
use crate::sweep::{Results, Unit};

/// Units that are held in memory before they are written.
const ROWS: usize = 16_384;

/// Writes all units of a sweep.
pub(crate) fn units(file: File<'_>, results: &Results<'_>, _: &mut Units) -> io::Result<()> {
    let mut table = Table::new(file, results).map_err(io::Error::other)?;
    for point in 0..results.outline().points() {
        for unit in results.units(point).map_err(io::Error::other)? {
            table.rows.push(unit);
            if table.rows.len() == ROWS {
                table.flush().map_err(io::Error::other)?;
            }
        }
    }
    table.flush().and_then(|()| table.writer.close()).map_err(io::Error::other)?;
    Ok(())
}

/// The file, and the rows that are not written yet.
struct Table<'a> {
    writer: SerializedFileWriter<&'a mut (dyn Write + Send)>,
    results: &'a Results<'a>,
    rows: Vec<Unit>,
}

/// The values of one column.
enum Column {
    Whole(Vec<i64>),
    /// `None` where there is no value.
    Number(Vec<Option<f64>>),
    Text(Vec<ByteArray>),
}

impl<'a> Table<'a> {
    fn new(file: &'a mut (dyn Write + Send), results: &'a Results<'a>) -> Result<Table<'a>, ParquetError> {
        let outline = results.outline();
        let settings = outline.settings(0);
        let paths = Paths::of(outline);
        let of_paths = paths.names().zip(settings.iter().flatten());
        let mut fields = vec![whole("point")?, whole("replication")?];
        for (name, setting) in of_paths {
            fields.push(if setting.number.is_some() { number(&name)? } else { text(&name)? });
        }
        for metric in outline.metrics() {
            fields.push(number(metric)?);
        }
        fields.push(text("ended")?);
        let schema = Arc::new(Type::group_type_builder("units").with_fields(fields).build()?);
        let writer = SerializedFileWriter::new(file, schema, Arc::new(WriterProperties::default()))?;
        Ok(Table { writer, results, rows: Vec::new() })
    }

    /// Writes the rows that are held, as one group.
    fn flush(&mut self) -> Result<(), ParquetError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let columns = self.columns();
        let mut group = self.writer.next_row_group()?;
        for column in columns {
            let Some(mut writer) = group.next_column()? else { break };
            match (writer.untyped(), column) {
                (ColumnWriter::Int64ColumnWriter(writer), Column::Whole(values)) => {
                    writer.write_batch(&values, None, None)?;
                }
                (ColumnWriter::DoubleColumnWriter(writer), Column::Number(values)) => {
                    let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
                    let values: Vec<f64> = values.into_iter().flatten().collect();
                    writer.write_batch(&values, Some(&levels), None)?;
                }
                (ColumnWriter::ByteArrayColumnWriter(writer), Column::Text(values)) => {
                    writer.write_batch(&values, None, None)?;
                }
                _ => return Err(ParquetError::General("a column has another type than its schema".to_owned())),
            }
            writer.close()?;
        }
        group.close()?;
        self.rows.clear();
        Ok(())
    }

    fn columns(&self) -> Vec<Column> {
        let outline = self.results.outline();
        let whole = |value: fn(&Unit) -> u64| Column::Whole(self.rows.iter().map(|unit| value(unit) as i64).collect());
        let mut columns = vec![whole(|unit| unit.point), whole(|unit| unit.replication)];
        let settings: Vec<Vec<Vec<_>>> = self.rows.iter().map(|unit| outline.settings(unit.point)).collect();
        let paths = Paths::of(outline);
        let numbers: Vec<Vec<Option<f64>>> = settings.iter().map(|row| paths.numbers(row)).collect();
        for path in 0..numbers.first().map_or(0, Vec::len) {
            columns.push(match numbers[0][path] {
                Some(_) => Column::Number(numbers.iter().map(|row| row[path]).collect()),
                None => {
                    let texts = settings.iter().filter_map(|row| row.iter().flatten().nth(path));
                    Column::Text(texts.map(|setting| setting.text.as_str().into()).collect())
                }
            });
        }
        for metric in 0..outline.metrics().len() {
            let values = self.rows.iter().map(|unit| Some(unit.figures[metric]).filter(|value| !value.is_nan()));
            columns.push(Column::Number(values.collect()));
        }
        columns.push(Column::Text(self.rows.iter().map(|unit| unit.ended.word().into()).collect()));
        columns
    }
}

fn whole(name: &str) -> Result<TypePtr, ParquetError> {
    let column = Type::primitive_type_builder(name, Physical::INT64).with_repetition(Repetition::REQUIRED);
    Ok(Arc::new(column.build()?))
}

fn number(name: &str) -> Result<TypePtr, ParquetError> {
    let column = Type::primitive_type_builder(name, Physical::DOUBLE).with_repetition(Repetition::OPTIONAL);
    Ok(Arc::new(column.build()?))
}

fn text(name: &str) -> Result<TypePtr, ParquetError> {
    let column = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
        .with_repetition(Repetition::REQUIRED)
        .with_logical_type(Some(LogicalType::String));
    Ok(Arc::new(column.build()?))
}
