/// Writes a WAV file piece by piece, for recordings whose length is not known: a provisional header, pieces, and the
/// final header over the first at the end. Does no I/O: the owner writes the bytes.
public struct WAVWriter: Hashable, Sendable {
  /// Bytes of the header.
  public static let headerSize = 44

  private let coding: WAV.Coding
  private let channels: Int
  private let sampleRate: Int
  /// Bytes of samples so far.
  private(set) var written = 0

  /// A file of one or two channels.
  public init(coding: WAV.Coding, channels: Int, sampleRate: Int) {
    self.coding = coding
    self.channels = channels
    self.sampleRate = sampleRate
  }

  /// The 44 bytes for what was appended so far.
  /// - Throws: `tooLarge` from 2 GiB on.
  public func header() throws(AudioError) -> [UInt8] {
    guard written < 1 << 31 - 64 else { throw AudioError(.tooLarge, "A recording of \(written) bytes is too long") }
    let width = coding.bytesPerSample
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.headerSize)
    bytes += Array("RIFF".utf8)
    bytes.add(UInt32(36 + written + written & 1))
    bytes += Array("WAVEfmt ".utf8)
    bytes.add(UInt32(16))
    bytes.add(coding.tag)
    bytes.add(UInt16(clamping: channels))
    bytes.add(UInt32(clamping: sampleRate))
    bytes.add(UInt32(clamping: sampleRate * channels * width))
    bytes.add(UInt16(clamping: channels * width))
    bytes.add(UInt16(width * 8))
    bytes += Array("data".utf8)
    bytes.add(UInt32(written))
    return bytes
  }

  /// Adds samples of a file with one channel. Allocates nothing while `bytes` has room.
  public mutating func append(_ samples: Span<Int16>, to bytes: inout [UInt8]) {
    for index in samples.indices { put(samples[index], to: &bytes) }
  }

  /// Adds samples of a file with two channels; the shorter side is filled up with silence.
  public mutating func append(left: Span<Int16>, right: Span<Int16>, to bytes: inout [UInt8]) {
    for index in 0..<max(left.count, right.count) {
      put(index < left.count ? left[index] : 0, to: &bytes)
      put(index < right.count ? right[index] : 0, to: &bytes)
    }
  }

  private mutating func put(_ sample: Int16, to bytes: inout [UInt8]) {
    switch coding {
    case .pcm16: bytes.add(UInt16(bitPattern: sample))
    case .g711(let law): bytes.append(law.encode(sample))
    }
    written += coding.bytesPerSample
  }
}

/// Little-endian fields.
extension [UInt8] {
  fileprivate mutating func add(_ value: UInt16) {
    append(UInt8(truncatingIfNeeded: value))
    append(UInt8(truncatingIfNeeded: value >> 8))
  }
  fileprivate mutating func add(_ value: UInt32) {
    add(UInt16(truncatingIfNeeded: value))
    add(UInt16(truncatingIfNeeded: value >> 16))
  }
}
