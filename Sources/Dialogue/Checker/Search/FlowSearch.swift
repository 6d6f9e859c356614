import Core

/// A search through everything that can happen in one journey or pattern: each step with each combination of identity, consent,
/// confirmation and what else its conditions ask.
///
/// Values stay sets until a condition tells them apart, so most journeys have few places. Places are visited in the order of the
/// turns it takes to get there: the first dialogue that leads somewhere is a shortest one.
final class FlowSearch {
  let world: SearchWorld
  let root: Flow
  let flat: FlatFlow
  let space: SlotSpace
  let use: SlotUse
  let limit: Int
  /// What the slots may hold at the beginning.
  let entry: [ValueSet]
  /// Legal sentences of the journey, each with its bit.
  let legal: [ResponseName: UInt64]

  private(set) var places: [Place] = []
  private(set) var distances: [Int] = []
  private(set) var parents: [Int] = []
  private(set) var passages: [Passage] = []
  /// The ways between places, for the search back from the exits.
  private(set) var predecessors: [[Int]] = []
  private var index: [Place: Int] = [:]
  /// Slots written on the way to each place that was visited.
  private var written: [Set<Int>] = []
  private var queue: [[Int]] = [[]]
  /// Why it ended early; nil when everything was visited.
  private(set) var stopped: String?
  var exits: [Int] = []
  var seen = Observations()
  /// The place under way, and what was learned on the way out of it.
  var here = 0

  init(_ root: Flow, in world: SearchWorld, limit: Int) {
    self.world = world
    self.root = root
    self.limit = limit
    flat = FlatFlow(root, in: world.assistant)
    var slots: Set<SlotName> = []
    for node in flat.nodes { slots.formUnion(SlotUse.reads(node, world)) }
    if let condition = root.guardCondition { slots.formUnion(condition.slots) }
    space = SlotSpace(slots, world.domains)
    use = SlotUse(flat, space, world)
    entry = space.names.map { world.entry($0, of: root) }
    var legal: [ResponseName: UInt64] = [:]
    for node in flat.nodes {
      guard let name = node.step?.response, legal[name] == nil, legal.count < 60,
        world.assistant.responses[name]?.isLegal ?? false
      else { continue }
      legal[name] = 1 << UInt64(legal.count)
    }
    self.legal = legal
  }

  /// Visits every place, or stops at the limit.
  func run() {
    if flat.isCut { stopped = "its calls and links lay out to more than \(FlatFlow.mostNodes) steps" }
    start()
    var distance = 0
    while distance < queue.count {
      while let next = queue[distance].popLast() {
        guard distances[next] == distance else { continue }
        guard distances.count <= limit else {
          stopped = "more than \(limit) combinations of step and values"
          return
        }
        here = next
        noteWritten()
        visit(places[next])
      }
      distance += 1
    }
  }

  private func start() {
    let begin = Passage(event: .begins(root.id))
    guard let condition = root.guardCondition, condition != .literal(false) else {
      go(to: flat.entry, entry, 0, begin)
      return
    }
    var canHold = false
    for found in space.cases(condition, entry) where found.truth != .no {
      canHold = true
      var passage = begin
      passage.narrows = changes(from: entry, to: found.values)
      go(to: flat.entry, found.values, 0, passage)
    }
    if !canHold { seen.neverStarts = true }
  }

  /// Notes a way to a place, and the place when it is new or now nearer.
  func go(to node: Int, _ values: [ValueSet], _ marks: UInt64, _ passage: Passage) {
    var values = identified(values)
    for slot in values.indices where !use.isLive[node][slot] { values[slot] = [] }
    let place = Place(node: node, values: values, marks: marks)
    let isFirst = places.isEmpty
    let distance = (isFirst ? 0 : distances[here]) + passage.event.turns + cost(of: passage)
    if let known = index[place] {
      predecessors[known].append(here)
      guard distance < distances[known] else { return }
      distances[known] = distance
      parents[known] = here
      passages[known] = passage
      enqueue(known, distance)
      return
    }
    let new = places.count
    index[place] = new
    places.append(place)
    distances.append(distance)
    parents.append(isFirst || passage.isBeginning ? -1 : here)
    passages.append(passage)
    predecessors.append(passage.isBeginning ? [] : [here])
    enqueue(new, distance)
  }

  /// Somebody who is identified has what identification gives.
  private func identified(_ values: [ValueSet]) -> [ValueSet] {
    guard let slot = space.index[IdentityLadder.slot], !values[slot].isEmpty,
      levels(from: IdentityLevel(1)).isSuperset(of: values[slot])
    else { return values }
    return withCompanions(values)
  }

  /// The values with what identification fills filled.
  func withCompanions(_ values: [ValueSet]) -> [ValueSet] {
    var values = values
    for name in world.filledWithIdentity {
      guard let slot = space.index[name] else { continue }
      let filled = values[slot].subtracting(.nothing)
      values[slot] = filled.isEmpty && !values[slot].isEmpty ? space.domains[slot].filled : filled
    }
    return values
  }

  /// What a condition takes for granted of earlier journeys costs a turn, so that dialogues of one journey come first.
  private func cost(of passage: Passage) -> Int {
    passage.narrows.reduce(0) { cost, change in
      let usual = world.initial(space.names[change.slot])
      let isEarlier = entry[change.slot].isSuperset(of: change.values) && change.values.isDisjoint(with: usual)
      let isNew = passage.sets.contains { $0.slot == change.slot }
      return cost + (isEarlier && !isNew && !isWritten(change.slot) ? 1 : 0)
    }
  }

  /// Notes what was written on the way to the place under way, which is a shortest one now.
  private func noteWritten() {
    while written.count < places.count { written.append([]) }
    let before = parents[here] >= 0 ? written[parents[here]] : []
    written[here] = before.union(passages[here].sets.map(\.slot))
  }

  private func isWritten(_ slot: Int) -> Bool {
    written.indices.contains(here) && written[here].contains(slot)
  }

  private func enqueue(_ place: Int, _ distance: Int) {
    while queue.count <= distance { queue.append([]) }
    queue[distance].append(place)
  }

  /// Where two sets of values differ.
  func changes(from old: [ValueSet], to new: [ValueSet]) -> [SlotNote] {
    old.indices.compactMap { old[$0] == new[$0] ? nil : SlotNote(slot: $0, values: new[$0]) }
  }

  /// Notes that the journey can be left from the place under way.
  func exit() { if exits.last != here { exits.append(here) } }

  /// The first step from which no way leads out; nil when there is none, or not everything was visited.
  var firstTrap: Int? {
    guard stopped == nil else { return nil }
    var leadsOut = [Bool](repeating: false, count: places.count)
    var open = exits
    while let place = open.popLast() {
      if leadsOut[place] { continue }
      leadsOut[place] = true
      open.append(contentsOf: predecessors[place])
    }
    return places.indices.filter { !leadsOut[$0] && flat.nodes[places[$0].node].step != nil }.min {
      (distances[$0], $0) < (distances[$1], $1)
    }
  }
}

extension Passage {
  fileprivate var isBeginning: Bool { if case .begins = event { true } else { false } }
}

extension FlowStep {
  /// The response an action step says.
  var response: ResponseName? {
    if case .action(let name) = kind, name.rawValue.hasPrefix("utter_") { ResponseName(name.rawValue) } else { nil }
  }
}

extension ResponseDefinition {
  /// Whether it must be heard to its end: a legal sentence.
  var isLegal: Bool { variants.contains { $0.interruption == .mustBeHeard } }
}
