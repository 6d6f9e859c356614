/// Bounds of what the parser and the framer accept.
public struct SIPLimits: Hashable, Sendable {
  /// Octets of a whole message, body included.
  public var message = 65_536
  /// Number of header lines.
  public var headers = 128
  /// Octets of the start line or of one header line after unfolding.
  public var line = 8_192

  /// 64 KiB, 128 header lines, 8 KiB a line.
  public init() {}
}
