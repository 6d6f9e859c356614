/// Extends 16-bit sequence numbers by their wraps (RFC 3550 appendix A.1). Allocates nothing.
public struct SequenceExtender: Hashable, Sendable {
  private static let maxDropout: UInt16 = 3_000
  private static let maxMisorder: UInt16 = 100

  private var cycles: UInt32 = 0
  private var highest: UInt16
  private var suspect: UInt16?

  /// What one packet means.
  public enum Verdict: Hashable, Sendable {
    /// In order, reordered or duplicate: the extended number.
    case valid(UInt32)
    /// A jump too large to be loss; two such packets in a row are a restart.
    case suspicious
    /// The source began anew at this number: forget what was counted.
    case restarted(UInt32)
  }

  /// Begins with the first packet's number.
  public init(first: UInt16) { highest = first }

  /// Highest number so far with its wraps.
  public var extendedHighest: UInt32 { cycles | UInt32(highest) }

  /// Takes the number of the next packet.
  public mutating func extend(_ sequence: UInt16) -> Verdict {
    let ahead = sequence &- highest
    if ahead < Self.maxDropout {
      if sequence < highest { cycles &+= 0x1_0000 }
      highest = sequence
      suspect = nil
      return .valid(extendedHighest)
    }
    if ahead > UInt16.max - Self.maxMisorder {
      guard sequence > highest else { return .valid(cycles | UInt32(sequence)) }
      // What was sent before the first packet, on the other side of a wrap, has no number.
      return cycles >= 0x1_0000 ? .valid((cycles &- 0x1_0000) | UInt32(sequence)) : .suspicious
    }
    if suspect == sequence {
      highest = sequence
      cycles = 0
      suspect = nil
      return .restarted(UInt32(sequence))
    }
    suspect = sequence &+ 1
    return .suspicious
  }
}
