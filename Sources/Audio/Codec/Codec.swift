/// How a stream's audio is coded in packets, both ways: one object for each codec of a line, with the state that its stream
/// needs.
///
/// A class: the state of a codec is large or belongs to a C library, packets that wait name the codec that will decode them,
/// and a reference travels without being copied. Isolation: none of its own; one owner on one loop. Allocates at creation
/// only. Nothing throws or traps, whatever a packet holds.
public protocol Codec: AnyObject {
  /// As in SDP, such as `PCMU`.
  var name: String { get }
  /// Steps of the RTP timestamps in a second. Not the rate of the sound: G.722 counts 8,000 (RFC 3551 section 4.5.2), Opus
  /// 48,000.
  var clockRate: Int { get }
  /// The rate of what is decoded and encoded.
  var rate: AudioRate { get }

  /// How long a packet lasts, in steps of the clock; 0 for what is no packet of this codec. Asked when a packet comes.
  func duration(of packet: Span<UInt8>) -> Int

  /// Decodes a packet; they come in order, without those that were lost.
  /// - Parameter samples: room for 200 ms.
  /// - Returns: how many samples were written.
  func decode(_ packet: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int

  /// Writes a replacement of lost audio into `range` of a frame: by what the codec itself has for that, or by the line's
  /// concealer, which every codec shares so that a change of codec is not heard.
  func conceal(_ frame: inout MutableSpan<Int16>, _ range: Range<Int>, with concealer: inout PacketLossConcealer)

  /// Encodes a frame of `rate.frame` samples.
  /// - Returns: the octets of the packet, as far as there was room.
  func encode(_ frame: Span<Int16>, into packet: inout MutableSpan<UInt8>) -> Int

  /// Forgets the stream that was decoded: another one begins. What is encoded goes on.
  func reset()
}

extension Codec {
  public func conceal(
    _ frame: inout MutableSpan<Int16>, _ range: Range<Int>, with concealer: inout PacketLossConcealer
  ) { concealer.conceal(&frame, range) }
}
