/// An address and port of media, without allocation.
public struct MediaSource: Hashable, Sendable {
  /// The sender's address.
  public var address: IPAddress
  /// The sender's port.
  public var port: UInt16

  /// A source from its parts.
  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }
}

/// Decides whose packets belong to the call and where ours go (symmetric RTP, RFC 4961): only inside an established
/// dialog, and then one source until the next offer and answer. Allocates nothing.
public struct SourceLatch: Hashable, Sendable {
  /// Who may become the source.
  public enum Policy: String, Hashable, Sendable, CaseIterable {
    /// Only the signalled address and port.
    case exact
    /// Any port of the signalled address: a translator may have changed it.
    case sameHost = "same_host"
    /// The first to send: for peers behind translators on a network that is trusted.
    case first
    /// As `sameHost`, and later any place that proves to go on with the same stream: the source identifier and five
    /// numbers in a row right behind the last one heard, while the place before is silent. For peers that move without a word.
    case follow
  }
  /// So many packets in a row prove that a stream moved.
  private static let proof = 5
  /// How far behind the last number heard the first of them may be.
  private static let furthest: UInt16 = 250

  private struct Stream: Hashable {
    var source: UInt32
    var sequence: UInt16
  }
  private struct Candidate: Hashable {
    var place: MediaSource
    var next: UInt16
    var run: Int
  }
  private let policy: Policy
  private var signalled: MediaSource?
  private var stream: Stream?
  private var candidate: Candidate?
  /// The source that was taken, nil before its first packet.
  public private(set) var latched: MediaSource?
  /// Packets of others, and packets before the dialog was established.
  public private(set) var refused: UInt64 = 0

  /// A latch that refuses everything until `establish`.
  public init(policy: Policy = .sameHost) { self.policy = policy }

  /// The dialog is established, or a re-INVITE changed the agreement: only now may the source be another one.
  public mutating func establish(signalled source: MediaSource) {
    if signalled != source {
      latched = nil
      stream = nil
      candidate = nil
    }
    signalled = source
  }

  /// Whether a packet from this source is to be taken.
  /// - Parameters:
  ///   - identifier: the packet's SSRC.
  ///   - sequence: the packet's number.
  public mutating func admit(_ source: MediaSource, identifier: UInt32, sequence: UInt16) -> Bool {
    guard mayBe(source, identifier, sequence) else {
      refused &+= 1
      return false
    }
    latched = source
    stream = Stream(source: identifier, sequence: sequence)
    candidate = nil
    return true
  }

  private mutating func mayBe(_ source: MediaSource, _ identifier: UInt32, _ sequence: UInt16) -> Bool {
    guard let signalled else { return false }
    guard let latched else {
      switch policy {
      case .exact: return source == signalled
      case .sameHost, .follow: return source.address == signalled.address
      case .first: return true
      }
    }
    if latched == source { return true }
    // The signalled place itself is authentic also when a translated one spoke first.
    if source == signalled { return policy != .exact }
    return policy == .follow && proves(source, identifier, sequence)
  }

  /// Counts what another place sends of the stream. A packet from the place before makes a candidate begin anew.
  private mutating func proves(_ source: MediaSource, _ identifier: UInt32, _ sequence: UInt16) -> Bool {
    guard let stream, stream.source == identifier else { return false }
    if var known = candidate, known.place == source, known.next == sequence {
      known.next = sequence &+ 1
      known.run += 1
      candidate = known
      return known.run >= Self.proof
    }
    guard 1...Self.furthest ~= sequence &- stream.sequence else { return false }
    candidate = Candidate(place: source, next: sequence &+ 1, run: 1)
    return false
  }

  /// Where our packets go: to the source that was heard, before that to the signalled one.
  public var destination: MediaSource? { latched ?? signalled }
}
