public import Core

/// A WAV file (RIFF/WAVE): 16-bit PCM, A-law or mu-law, one or two channels, 8 to 48 kHz.
public struct WAV: Hashable, Sendable {
  /// How samples are stored.
  public enum Coding: Hashable, Sendable {
    case pcm16
    case g711(G711)

    var tag: UInt16 {
      switch self {
      case .pcm16: 1
      case .g711(.aLaw): 6
      case .g711(.muLaw): 7
      }
    }
    var bytesPerSample: Int { self == .pcm16 ? 2 : 1 }
  }

  /// Largest file that is read: 64 MiB.
  public static let largestFile = 64 << 20

  public let coding: Coding
  /// One clip for each channel, all of one length and rate.
  public let channels: [AudioClip]

  /// Reads a file. A data chunk that claims more than the file holds (a writer that was cut off) gives what there is.
  /// - Throws: `malformed`, `tooLarge`, `unsupported`; never traps, whatever the bytes.
  public init(_ bytes: [UInt8], limit: Int = WAV.largestFile) throws(AudioError) {
    guard bytes.count <= limit else {
      throw AudioError(.tooLarge, "A WAV file of \(bytes.count) bytes is over the limit of \(limit)")
    }
    guard bytes.count >= 12, bytes.tag(at: 0) == "RIFF", bytes.tag(at: 8) == "WAVE" else {
      throw AudioError(.malformed, "Not a RIFF/WAVE file")
    }
    var format: Format?
    var offset = 12
    while offset + 8 <= bytes.count {
      let name = bytes.tag(at: offset)
      let start = offset + 8
      let stop = min(bytes.count, start + Int(bytes.word32(at: offset + 4)))
      if name == "fmt " { format = try Format(bytes, start..<stop) }
      if name == "data" {
        guard let format else { throw AudioError(.malformed, "The WAV file has samples before their format") }
        coding = format.coding
        channels = format.channels(bytes, start..<stop)
        return
      }
      // Chunks begin at even places.
      offset = start + Int(bytes.word32(at: offset + 4))
      offset += offset & 1
    }
    throw AudioError(.malformed, "The WAV file has no samples")
  }

  /// Writes one channel.
  /// - Throws: `tooLarge` for a file of 2 GiB or more.
  public static func bytes(of clip: AudioClip, coding: Coding = .pcm16) throws(AudioError) -> [UInt8] {
    var writer = WAVWriter(coding: coding, channels: 1, sampleRate: clip.sampleRate)
    var data: [UInt8] = []
    data.reserveCapacity(clip.samples.count * coding.bytesPerSample)
    writer.append(clip.samples.span, to: &data)
    return try writer.header() + data
  }

  /// Writes two channels: the caller left, the agent right, as in recordings. The shorter is filled up with silence.
  /// - Throws: `unsupported` when the rates differ, `tooLarge` for a file of 2 GiB or more.
  public static func bytes(
    left: AudioClip, right: AudioClip, coding: Coding = .pcm16
  ) throws(AudioError) -> [UInt8] {
    guard left.sampleRate == right.sampleRate else {
      throw AudioError(.unsupported, "Two channels of one file need one sample rate")
    }
    var writer = WAVWriter(coding: coding, channels: 2, sampleRate: left.sampleRate)
    var data: [UInt8] = []
    writer.append(left: left.samples.span, right: right.samples.span, to: &data)
    return try writer.header() + data
  }
}

extension WAV {
  /// The `fmt ` chunk.
  private struct Format {
    let coding: Coding
    let count: Int
    let rate: Int

    init(_ bytes: [UInt8], _ chunk: Range<Int>) throws(AudioError) {
      guard chunk.count >= 16 else { throw AudioError(.malformed, "The format chunk of the WAV file is too short") }
      var tag = bytes.word16(at: chunk.lowerBound)
      // WAVE_FORMAT_EXTENSIBLE: the first two bytes of the sub-format are the tag.
      if tag == 0xFFFE, chunk.count >= 26 { tag = bytes.word16(at: chunk.lowerBound + 24) }
      let bits = bytes.word16(at: chunk.lowerBound + 14)
      switch (tag, bits) {
      case (1, 16): coding = .pcm16
      case (6, 8): coding = .g711(.aLaw)
      case (7, 8): coding = .g711(.muLaw)
      default: throw AudioError(.unsupported, "The WAV file has coding \(tag) with \(bits) bits")
      }
      count = Int(bytes.word16(at: chunk.lowerBound + 2))
      rate = Int(bytes.word32(at: chunk.lowerBound + 4))
      guard 1...2 ~= count, 8_000...48_000 ~= rate else {
        throw AudioError(.unsupported, "The WAV file has \(count) channels at \(rate) hertz")
      }
    }

    func channels(_ bytes: [UInt8], _ chunk: Range<Int>) -> [AudioClip] {
      let width = coding.bytesPerSample
      let length = chunk.count / (width * count)
      return (0..<count).map { channel in
        let samples = (0..<length).map { index in
          let place = chunk.lowerBound + (index * count + channel) * width
          return switch coding {
          case .pcm16: Int16(bitPattern: bytes.word16(at: place))
          case .g711(let law): law.decode(bytes[place])
          }
        }
        return AudioClip(samples: samples, sampleRate: rate)
      }
    }
  }
}

/// Little-endian fields; the caller has checked the bounds.
extension [UInt8] {
  fileprivate func tag(at index: Int) -> String { String(decoding: self[index..<index + 4], as: UTF8.self) }
  fileprivate func word16(at index: Int) -> UInt16 { UInt16(self[index]) | UInt16(self[index + 1]) << 8 }
  fileprivate func word32(at index: Int) -> UInt32 {
    UInt32(word16(at: index)) | UInt32(word16(at: index + 2)) << 16
  }
}
