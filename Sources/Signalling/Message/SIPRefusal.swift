/// The answer to a request that breaks the grammar: what of its envelope came goes back as it came, whether it could be read or not
/// (RFC 3261 section 8.2.6.2, RFC 4475 sections 3.1.2 and 3.3.1). The sender knows its request again by Via and CSeq.
public struct SIPRefusal: Hashable, Sendable {
  /// 400, 414, 501, 505 or 513.
  public var status: Int
  /// What is wrong, without personal data: stands behind the phrase of the status (RFC 3261 section 21.4.1).
  public var reason: String
  /// The topmost Via, which says where the answer goes.
  public var via: Via
  /// The other Via values, From, To, Call-ID and CSeq, as far as they came; each but Via once. Personal data.
  public var envelope: HeaderFields

  /// Puts our tag into To, where that can be read and has none.
  mutating func tag(_ token: @autoclosure () -> String) {
    guard let text = envelope[.to], var to = NameAddress(text), to.tag == nil else { return }
    to.tag = token()
    envelope[.to] = to.description
  }

  /// The octets of the message.
  public func encoded() -> [UInt8] {
    var writer = SIPWriter()
    writer.line("SIP/2.0 \(status) \(SIPStatus.phrase(status)) (\(reason))")
    writer.line("Via: \(via)")
    writer.finish(envelope, [])
    return writer.bytes
  }
}
