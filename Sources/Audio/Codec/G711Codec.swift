/// G.711 as a codec: an octet a sample, no state.
public final class G711Codec: Codec, Sendable {
  /// How octets are coded.
  public let law: G711

  /// The codec of a law. Its table is made here, not when the first packet is due.
  public init(_ law: G711) {
    self.law = law
    _ = law.table
  }

  public var name: String { law.rawValue }
  public var clockRate: Int { 8_000 }
  public var rate: AudioRate { .narrowband }

  public func duration(of packet: Span<UInt8>) -> Int { packet.count }

  public func decode(_ packet: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    law.decode(packet, into: &samples)
  }

  public func encode(_ frame: Span<Int16>, into packet: inout MutableSpan<UInt8>) -> Int {
    law.encode(frame, into: &packet)
  }

  public func reset() {}
}
