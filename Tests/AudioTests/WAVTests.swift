import Audio
import Core
import TestSupport
import Testing

struct WAVTests {
  private static let clip = AudioClip(samples: sine(400, samples: 801), sampleRate: 16_000)

  @Test(arguments: [WAV.Coding.pcm16, .g711(.muLaw), .g711(.aLaw)])
  func `what is written can be read`(coding: WAV.Coding) throws {
    let file = try WAV(WAV.bytes(of: Self.clip, coding: coding))
    #expect(file.coding == coding)
    #expect(file.channels.count == 1)
    let expected: [Int16] =
      switch coding {
      case .pcm16: Self.clip.samples
      case .g711(let law): Self.clip.samples.map { law.decode(law.encode($0)) }
      }
    #expect(file.channels[0] == AudioClip(samples: expected, sampleRate: 16_000))
  }

  @Test func `the header is the one that players know`() throws {
    let bytes = try WAV.bytes(of: AudioClip(samples: [1, -2], sampleRate: 8_000))
    #expect(
      bytes == Array("RIFF".utf8) + [40, 0, 0, 0] + Array("WAVEfmt ".utf8) + [16, 0, 0, 0, 1, 0, 1, 0]
        + [0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0] + Array("data".utf8) + [4, 0, 0, 0, 1, 0, 0xFE, 0xFF])
  }

  @Test func `two channels keep apart, the shorter is filled up`() throws {
    let left = AudioClip(samples: [1, 2, 3], sampleRate: 8_000)
    let right = AudioClip(samples: [-1], sampleRate: 8_000)
    let file = try WAV(WAV.bytes(left: left, right: right))
    #expect(file.channels.map(\.samples) == [[1, 2, 3], [-1, 0, 0]])
    #expect(throws: AudioError.self) { try WAV.bytes(left: left, right: Self.clip) }
  }

  @Test func `a recording is written piece by piece`() throws {
    var writer = WAVWriter(coding: .g711(.muLaw), channels: 2, sampleRate: 8_000)
    let provisional = try writer.header()
    #expect(provisional.count == WAVWriter.headerSize)
    var bytes: [UInt8] = []
    for value in 0..<50 as Range<Int16> {
      writer.append(left: [value * 100, 0].span, right: [0, value * 100].span, to: &bytes)
    }
    let file = try WAV(writer.header() + bytes)
    #expect(file.channels[0].samples.count == 100)
    // A recording cut off before its final header still gives nothing wrong.
    #expect(try WAV(provisional + bytes).channels[0].samples.isEmpty)
  }

  @Test func `unknown chunks are passed over, a cut file gives what it has`() throws {
    let whole = try WAV.bytes(of: Self.clip)
    let odd = Array("LIST".utf8) + [3, 0, 0, 0, 1, 2, 3, 0]
    let file = try WAV(Array(whole[..<12]) + odd + Array(whole[12...]))
    #expect(file.channels[0] == Self.clip)
    #expect(try WAV(Array(whole[..<1_045])).channels[0].samples == Array(Self.clip.samples[..<500]))
    var endless = whole
    for index in 40..<44 { endless[index] = 0xFF }
    #expect(try WAV(endless).channels[0] == Self.clip)
  }

  @Test func `the extensible format is understood`() throws {
    var bytes = Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WAVEfmt ".utf8) + [40, 0, 0, 0, 0xFE, 0xFF, 1, 0]
    bytes += [0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0, 22, 0, 16, 0, 4, 0, 0, 0, 1, 0]
    bytes += [UInt8](repeating: 0, count: 14) + Array("data".utf8) + [2, 0, 0, 0, 7, 0]
    #expect(try WAV(bytes).channels[0].samples == [7])
  }

  @Test(arguments: [
    (20, 2 as UInt8, "audio.unsupported"), (22, 3, "audio.unsupported"), (22, 0, "audio.unsupported"),
    (34, 24, "audio.unsupported"),
    (25, 0, "audio.unsupported"), (0, 0, "audio.malformed"), (8, 0, "audio.malformed"), (12, 0, "audio.malformed"),
    (36, 0, "audio.malformed"), (16, 4, "audio.malformed"),
  ])
  func `a wrong byte has the right error`(place: Int, value: UInt8, code: String) throws {
    var bytes = try WAV.bytes(of: AudioClip(samples: [1, 2, 3, 4], sampleRate: 8_000))
    bytes[place] = value
    let error = #expect(throws: AudioError.self) { try WAV(bytes) }
    #expect(error?.code == code)
  }

  @Test func `sizes are bounded`() {
    let error = #expect(throws: AudioError.self) { try WAV([UInt8](repeating: 0, count: 100), limit: 99) }
    #expect(error?.code == "audio.too_large")
  }

  @Test(arguments: 0..<20)
  func `no bytes make the reader fall over`(seed: UInt64) throws {
    var random = Seeded(seed)
    let whole = try WAV.bytes(of: AudioClip(samples: sine(300, samples: 40), sampleRate: 8_000))
    var read = 0
    for _ in 0..<500 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: 0..<44, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
      if let file = try? WAV(bytes) {
        read += 1
        #expect(file.channels.allSatisfy { $0.samples.count <= bytes.count })
      }
    }
    #expect(read < 500)
  }
}
