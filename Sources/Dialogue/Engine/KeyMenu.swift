public import Core

/// The journeys of an assistant by key. Each keeps its keys for the whole call, whatever else can be started.
///
/// Authors' keys first, then the free ones of `1` to `9` in order of id. More journeys than keys: the last free keys begin
/// codes of two, so that no journey is without.
public struct KeyMenu: Hashable, Sendable {
  /// A journey and what is pressed for it.
  public struct Entry: Hashable, Sendable {
    /// One key or two.
    public let keys: String
    /// The journey.
    public let flow: FlowID
  }

  /// The key for a person, unless a journey has it.
  public static let person = "0"
  /// The key for the last words again, unless a journey has it.
  public static let again = "*"

  /// In the order of their keys.
  public let entries: [Entry]
  /// What may be entered where nothing is asked; nil while one key says it all. Single keys stand for themselves.
  public let digits: DigitGrammar?

  /// The menu of journeys.
  public init(_ journeys: [Flow]) {
    let ordered = journeys.sorted { $0.id < $1.id }
    let own = ordered.compactMap { flow in flow.voice.menuKey.map { Entry(keys: $0, flow: flow.id) } }
    let others = ordered.filter { $0.voice.menuKey == nil }
    var singles = (1...9).map(String.init).filter { key in !own.contains { $0.keys == key } }
    var codes: [String] = []
    while singles.count + codes.count < others.count, let prefix = singles.popLast() {
      codes = (0...9).map { prefix + String($0) } + codes
    }
    let assigned = zip(singles + codes, others).map { Entry(keys: $0, flow: $1.id) }
    entries = (own + assigned).sorted { ($0.keys, $0.flow) < ($1.keys, $1.flow) }
    guard entries.contains(where: { $0.keys.count > 1 }) else {
      digits = nil
      return
    }
    let alone = Set(entries.map(\.keys).filter { $0.count == 1 } + [Self.person, Self.again])
    digits = DigitGrammar(
      minimum: 2, maximum: 2, endKey: nil,
      menu: Dictionary(alone.map { ($0, .text($0)) }, uniquingKeysWith: { first, _ in first }))
  }
}
