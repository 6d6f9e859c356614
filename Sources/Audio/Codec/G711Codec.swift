/// G.711 as a codec: an octet a sample, no state.
public final class G711Codec: Codec, Sendable {
  /// How octets are coded.
  public let law: G711

  /// The linear value of each octet; made with the codec and not in the first frame.
  private let table: [Int16]

  /// The codec of a law.
  public init(_ law: G711) {
    self.law = law
    table = law.table
  }

  public var name: String { law.rawValue }
  public var clockRate: Int { 8_000 }
  public var rate: AudioRate { .narrowband }

  public func duration(of packet: Span<UInt8>) -> Int { packet.count }

  public func decode(_ packet: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    let count = min(packet.count, samples.count)
    for index in 0..<count { samples[index] = table[Int(packet[index])] }
    return count
  }

  public func encode(_ frame: Span<Int16>, into packet: inout MutableSpan<UInt8>) -> Int {
    law.encode(frame, into: &packet)
  }

  public func reset() {}
}
