internal import NIOCore
internal import Signalling

/// The channels of stream connections: those accepted, as the book allows, and those we opened, which nobody else can use up.
/// Isolation: its loop.
struct StreamTable {
  /// Where a connection of ours leads.
  struct Place: Hashable {
    var host: String
    var port: UInt16
  }
  private let limits: StreamLimits
  private var channels: [UInt64: any NIOCore.Channel] = [:]
  /// Who may hold a connection, and how long.
  var book: StreamBook
  /// Connections of ours that are open or being opened.
  private(set) var opened: [Place: EventLoopFuture<any NIOCore.Channel>] = [:]

  init(limits: StreamLimits) {
    self.limits = limits
    book = StreamBook(limits: limits)
  }

  /// All that are open.
  var all: [any NIOCore.Channel] { Array(channels.values) }

  subscript(id: UInt64) -> (any NIOCore.Channel)? { channels[id] }

  /// Takes a connection under the number that the book gave it.
  /// - Returns: the one that has to make room, for the caller to close: its end comes back here at once.
  mutating func take(_ channel: any NIOCore.Channel, as admission: StreamBook.Admission) -> (any NIOCore.Channel)? {
    channels[admission.id] = channel
    return admission.replaced.flatMap { channels.removeValue(forKey: $0) }
  }

  /// Takes a connection of ours.
  mutating func take(_ channel: any NIOCore.Channel, to source: IPAddress, at now: Duration) -> UInt64 {
    let id = book.open(source, at: now)
    channels[id] = channel
    return id
  }

  mutating func close(_ id: UInt64) {
    channels[id] = nil
    book.close(id)
  }

  /// Whether there is room for one more connection of ours.
  var mayOpen: Bool { opened.count < limits.opened }

  mutating func open(_ place: Place, _ connection: EventLoopFuture<any NIOCore.Channel>?) { opened[place] = connection }
}
