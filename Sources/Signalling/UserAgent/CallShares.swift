/// How many of the calls one source may have, so that none takes the last places from all others.
///
/// Of what a source may have, half is for calls that it has not confirmed: INVITEs that ring, and answers whose ACK is awaited.
/// As many calls as it may have may be in their end besides.
public struct CallShares: Hashable, Sendable {
  /// Calls at once, of all sources.
  public var all: Int
  /// Calls at once of one source.
  public var each: Int
  /// Sources that stand for many callers, such as a PBX or a trunk: they may have all.
  public var peers: Set<IPAddress> = []

  /// Half of the calls for each source.
  public init(of all: Int) {
    self.all = all
    each = (all + 1) / 2
  }

  /// The status that refuses one more call of an address whose source has so many; nil where there is room for it.
  func refusal(of address: IPAddress, having standing: CallTable.Standing) -> Int? {
    let isPeer = peers.contains(address)
    let most = isPeer ? all : each
    // A phone says that it is busy; what asks another server next finds nothing else there.
    if !isPeer, standing.alive >= most || standing.alive + standing.ending >= 2 * most { return 486 }
    return standing.unconfirmed >= (most + 1) / 2 ? 503 : nil
  }
}
