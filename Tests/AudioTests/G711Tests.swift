import Audio
import Testing

struct G711Tests {
  @Test(arguments: [
    (0x00 as UInt8, -32_124 as Int16), (0x0F, -16_764), (0x1F, -8_316), (0x7E, -8), (0x7F, 0), (0x80, 32_124),
    (0x8F, 16_764),
    (0x9F, 8_316), (0xEF, 132), (0xF0, 120), (0xFE, 8), (0xFF, 0),
  ])
  func `mu-law octets have the values of table 2`(octet: UInt8, sample: Int16) {
    #expect(G711.muLaw.decode(octet) == sample)
  }

  @Test(arguments: [
    (0xD5 as UInt8, 8 as Int16), (0x55, -8), (0xD4, 24), (0xC5, 264), (0xDA, 248), (0x45, -264), (0xAA, 32_256),
    (0x2A, -32_256),
    (0x80, 5_504), (0x00, -5_504), (0xB5, 8_448), (0xFF, 848),
  ])
  func `A-law octets have the values of table 1`(octet: UInt8, sample: Int16) {
    #expect(G711.aLaw.decode(octet) == sample)
  }

  @Test(arguments: [
    (G711.muLaw, 0 as Int16, 0xFF as UInt8), (.muLaw, -1, 0x7F), (.muLaw, 32_767, 0x80), (.muLaw, -32_768, 0x00),
    (.muLaw, 1_000, 0xCE),
    (.muLaw, -1_000, 0x4E), (.aLaw, 0, 0xD5), (.aLaw, -1, 0x55), (.aLaw, 32_767, 0xAA), (.aLaw, -32_768, 0x2A),
    (.aLaw, 1_000, 0xFA),
    (.aLaw, -1_000, 0x7A),
  ])
  func `samples have the octets of the tables`(law: G711, sample: Int16, octet: UInt8) {
    #expect(law.encode(sample) == octet)
  }

  @Test(arguments: G711.allCases)
  func `every octet survives decoding and encoding, but negative nothing`(law: G711) {
    for octet in UInt8.min...UInt8.max where !(law == .muLaw && octet == 0x7F) {
      #expect(law.encode(law.decode(octet)) == octet)
    }
  }

  @Test(arguments: G711.allCases)
  func `each octet stands for one run of samples, with its value in the middle`(law: G711) {
    var runs: [UInt8: (first: Int, last: Int)] = [:]
    var previous: UInt8?
    for sample in Int(Int16.min)...Int(Int16.max) {
      let octet = law.encode(Int16(sample))
      if octet != previous, runs[octet] != nil { Issue.record("\(octet) stands for two runs") }
      runs[octet] = (runs[octet]?.first ?? sample, sample)
      previous = octet
    }
    #expect(runs.count == 256)
    for (octet, run) in runs where run.first > -31_000 && run.last < 31_000 {
      let middle = Double(run.first + run.last) / 2
      // Half of what rounding to the law's width takes; mu-law's two zeros share one interval.
      #expect(abs(middle - Double(law.decode(octet))) <= (law == .muLaw && octet | 0x80 == 0xFF ? 2.5 : 0.5))
    }
  }

  @Test(arguments: G711.allCases)
  func `spans are coded like single samples, as far as both reach`(law: G711) {
    let samples = (0..<200).map { Int16(($0 * 331) % 65_536 - 32_768) }
    var octets = [UInt8](repeating: 1, count: 160)
    var decoded = [Int16](repeating: 1, count: 161)
    var octetSpan = octets.mutableSpan
    #expect(law.encode(samples.span, into: &octetSpan) == 160)
    var decodedSpan = decoded.mutableSpan
    #expect(law.decode(octets.span, into: &decodedSpan) == 160)
    #expect(octets == samples.prefix(160).map(law.encode))
    #expect(decoded == octets.map(law.decode) + [1])
  }

  @Test func `the silence octet is the quietest`() {
    for law in G711.allCases { #expect(abs(law.decode(law.silence)) <= 8) }
  }
}
