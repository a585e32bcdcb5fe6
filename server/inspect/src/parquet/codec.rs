//! Unpacking of pages, never beyond the size that the page declares.

use std::io::{self, Read};

use ::parquet::basic::Compression;

use super::fault::Fault;

/// Bytes of a block's two lengths in Hadoop's framing of LZ4.
const HADOOP_PREFIX_BYTES: usize = 8;

/// Buffer of the decoder of Brotli.
const BROTLI_BUFFER_BYTES: usize = 4096;

/// Appends what `packed` unpacks to, exactly `size` bytes, which the caller has checked against the limits.
pub(super) fn unpack(
    codec: Compression,
    packed: &[u8],
    size: usize,
    out: &mut Vec<u8>,
) -> Result<(), Fault> {
    let start = out.len();
    out.reserve_exact(size);
    let unpacked = match codec {
        Compression::UNCOMPRESSED => {
            out.extend_from_slice(packed.get(..size).unwrap_or_default());
            Ok(())
        }
        Compression::SNAPPY => snappy(packed, size, out),
        Compression::GZIP(_) => take(flate2::read::MultiGzDecoder::new(packed), size, out),
        Compression::BROTLI(_) => {
            let decoder = brotli_decompressor::Decompressor::new(packed, BROTLI_BUFFER_BYTES);
            take(decoder, size, out)
        }
        Compression::ZSTD(_) => zstandard(packed, out),
        Compression::LZ4_RAW => lz4_block(packed, size, out),
        Compression::LZ4 => lz4(packed, size, out),
        Compression::LZO => return Err(Fault::Unsupported("the codec LZO".to_owned())),
    };
    match unpacked {
        Ok(()) if out.len() - start == size => Ok(()),
        Ok(()) => Err(Fault::damaged(
            "a page has another size than its header declares",
        )),
        Err(error) => Err(Fault::Damaged(format!("a page does not unpack: {error}"))),
    }
}

fn snappy(packed: &[u8], size: usize, out: &mut Vec<u8>) -> io::Result<()> {
    if snap::raw::decompress_len(packed)? != size {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let start = out.len();
    out.resize(start + size, 0);
    snap::raw::Decoder::new().decompress(packed, &mut out[start..])?;
    Ok(())
}

/// Reads at most one byte more than `size`, which shows that there are too many.
fn take(decoder: impl Read, size: usize, out: &mut Vec<u8>) -> io::Result<()> {
    decoder.take(size as u64 + 1).read_to_end(out).map(drop)
}

/// Into what is reserved in `out` and no further: the window is the output itself.
fn zstandard(packed: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    let start = out.len() as u64;
    let mut cursor = io::Cursor::new(out);
    cursor.set_position(start);
    let mut decoder = zstd::bulk::Decompressor::new()?;
    decoder.decompress_to_buffer(packed, &mut cursor).map(drop)
}

fn lz4_block(packed: &[u8], size: usize, out: &mut Vec<u8>) -> io::Result<()> {
    let start = out.len();
    out.resize(start + size, 0);
    let length = lz4_flex::block::decompress_into(packed, &mut out[start..])
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    out.truncate(start + length);
    Ok(())
}

/// LZ4 as it was before `LZ4_RAW`: in Hadoop's framing, in LZ4's own, or in none, by the age of the writer.
fn lz4(packed: &[u8], size: usize, out: &mut Vec<u8>) -> io::Result<()> {
    let start = out.len();
    let framings = [lz4_hadoop, lz4_frame, lz4_block];
    for framing in framings {
        if framing(packed, size, out).is_ok() && out.len() == start + size {
            return Ok(());
        }
        out.truncate(start);
    }
    Err(io::ErrorKind::InvalidData.into())
}

/// Two lengths of 32 bits in big-endian order.
fn lengths(prefix: [u8; HADOOP_PREFIX_BYTES]) -> [usize; 2] {
    let (halves, _) = prefix.as_chunks::<4>();
    [0, 1].map(|index| u32::from_be_bytes(halves[index]) as usize)
}

/// Blocks, each after its unpacked and its packed length, in big-endian order.
fn lz4_hadoop(mut packed: &[u8], size: usize, out: &mut Vec<u8>) -> io::Result<()> {
    let mut left = size;
    while !packed.is_empty() {
        let (prefix, rest) = packed
            .split_at_checked(HADOOP_PREFIX_BYTES)
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        let prefix: [u8; HADOOP_PREFIX_BYTES] = prefix.try_into().map_err(io::Error::other)?;
        let [length, packed_length] = lengths(prefix);
        let (block, rest) = rest
            .split_at_checked(packed_length)
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        left = left.checked_sub(length).ok_or(io::ErrorKind::InvalidData)?;
        let before = out.len();
        lz4_block(block, length, out)?;
        if out.len() - before != length {
            return Err(io::ErrorKind::InvalidData.into());
        }
        packed = rest;
    }
    Ok(())
}

fn lz4_frame(packed: &[u8], size: usize, out: &mut Vec<u8>) -> io::Result<()> {
    take(lz4_flex::frame::FrameDecoder::new(packed), size, out)
}
