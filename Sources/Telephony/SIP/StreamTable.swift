internal import NIOCore
internal import Signalling

/// The stream connections: those accepted, within bounds for each source, and those we opened, which nobody else can use up.
/// Isolation: its loop.
struct StreamTable {
  /// Where a connection of ours leads.
  struct Place: Hashable {
    var host: String
    var port: UInt16
  }
  private struct Accepted {
    var source: IPAddress
    var isStranger: Bool
  }
  private let limits: StreamLimits
  private var channels: [UInt64: any NIOCore.Channel] = [:]
  private var accepted: [UInt64: Accepted] = [:]
  private var sources: [IPAddress: Int] = [:]
  private var strangers = 0
  private var last: UInt64 = 0
  /// Connections of ours that are open or being opened.
  private(set) var opened: [Place: EventLoopFuture<any NIOCore.Channel>] = [:]

  init(limits: StreamLimits) { self.limits = limits }

  /// All that are open.
  var all: [any NIOCore.Channel] { Array(channels.values) }

  subscript(id: UInt64) -> (any NIOCore.Channel)? { channels[id] }

  /// A number for a connection of a source; nil when it has too many or all have.
  mutating func accept(_ channel: any NIOCore.Channel, of source: IPAddress, isKnown: Bool) -> UInt64? {
    let mine = sources[source] ?? 0
    guard accepted.count < limits.accepted, mine < (isKnown ? limits.ofKnown : limits.ofStranger),
      isKnown || strangers < limits.strangers
    else { return nil }
    let id = number(channel)
    accepted[id] = Accepted(source: source, isStranger: !isKnown)
    sources[source] = mine + 1
    if !isKnown { strangers += 1 }
    return id
  }

  /// A number for a connection of ours.
  mutating func number(_ channel: any NIOCore.Channel) -> UInt64 {
    last += 1
    channels[last] = channel
    return last
  }

  /// A stranger turned out to be known: its connection takes no stranger's place any more.
  mutating func introduce(_ id: UInt64) {
    guard accepted[id]?.isStranger == true else { return }
    accepted[id]?.isStranger = false
    strangers -= 1
  }

  mutating func close(_ id: UInt64) {
    channels[id] = nil
    guard let one = accepted.removeValue(forKey: id) else { return }
    if one.isStranger { strangers -= 1 }
    let left = (sources[one.source] ?? 1) - 1
    sources[one.source] = left > 0 ? left : nil
  }

  /// Whether there is room for one more connection of ours.
  var mayOpen: Bool { opened.count < limits.opened }

  mutating func open(_ place: Place, _ connection: EventLoopFuture<any NIOCore.Channel>?) { opened[place] = connection }
}
