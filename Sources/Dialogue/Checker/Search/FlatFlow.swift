import Core

/// A journey with the flows it calls and links to laid out flat, so that a place in it is one number.
struct FlatFlow {
  /// One place.
  struct Node {
    let kind: Kind
    let flow: Flow
    /// The step; nil for a gate and for the end.
    let step: FlowStep?
    /// The ways out, in order.
    var branches: [Way] = []
    /// Where it goes on when no way holds.
    var otherwise = 0

    enum Kind {
      /// Before the first step: identity and consent are seen to.
      case gate
      /// A step; of a call, that which enters the other flow.
      case step
      /// A call has come back.
      case back
      /// The journey is over.
      case end
    }
  }

  struct Way {
    let condition: Predicate?
    let target: Int
  }

  private(set) var nodes: [Node] = []
  /// Whether it is larger than may be laid out.
  private(set) var isCut = false
  let entry: Int
  let end = 0

  static let mostNodes = 3000
  private static let deepestCall = 12

  init(_ root: Flow, in assistant: AssistantDefinition) {
    nodes = [Node(kind: .end, flow: root, step: nil)]
    var layout = Layout(assistant: assistant, nodes: nodes)
    entry = layout.lay(root, end: 0, path: [root.id])
    layout.settleLinks()
    nodes = layout.nodes
    isCut = layout.isCut
  }

  private struct Layout {
    let assistant: AssistantDefinition
    var nodes: [Node]
    var isCut = false
    /// A link leads to one copy of its target, whoever links.
    private var linked: [FlowID: Int] = [:]
    private var open: [(FlowID, node: Int)] = []

    init(assistant: AssistantDefinition, nodes: [Node]) {
      self.assistant = assistant
      self.nodes = nodes
    }

    mutating func settleLinks() {
      while let (target, node) = open.popLast() {
        guard let flow = assistant.flows[target], nodes.count < FlatFlow.mostNodes else {
          isCut = isCut || assistant.flows[target] != nil
          nodes[node].otherwise = 0
          continue
        }
        if linked[target] == nil { linked[target] = lay(flow, end: 0, path: [target]) }
        nodes[node].otherwise = linked[target] ?? 0
      }
    }

    /// Lays a flow out; gives its gate.
    mutating func lay(_ flow: Flow, end: Int, path: [FlowID]) -> Int {
      let gate = nodes.count
      nodes.append(Node(kind: .gate, flow: flow, step: nil, otherwise: flow.steps.isEmpty ? end : gate + 1))
      let first = gate + 1
      for step in flow.steps { nodes.append(Node(kind: .step, flow: flow, step: step)) }
      let places = Dictionary(flow.steps.enumerated().map { ($1.id, first + $0) }, uniquingKeysWith: { one, _ in one })
      for (offset, step) in flow.steps.enumerated() {
        let after = offset + 1 < flow.steps.count ? first + offset + 1 : end
        let ways = step.next.map { branch in
          switch branch.target {
          case .end: Way(condition: branch.condition, target: end)
          case .step(let id): Way(condition: branch.condition, target: places[id] ?? end)
          }
        }
        switch step.kind {
        case .link(let target):
          nodes[first + offset].otherwise = end
          open.append((target, first + offset))
        case .call(let target):
          let back = nodes.count
          nodes.append(Node(kind: .back, flow: flow, step: step, branches: ways, otherwise: after))
          guard let called = assistant.flows[target], !path.contains(target) else {
            nodes[first + offset].otherwise = back
            continue
          }
          guard path.count < FlatFlow.deepestCall, nodes.count < FlatFlow.mostNodes else {
            isCut = true
            nodes[first + offset].otherwise = back
            continue
          }
          nodes[first + offset].otherwise = lay(called, end: back, path: path + [target])
        default:
          nodes[first + offset].branches = ways
          nodes[first + offset].otherwise = after
        }
      }
      return gate
    }
  }

  /// Where a node can lead, conditions aside.
  func successors(of node: Int) -> [Int] {
    let place = nodes[node]
    if place.kind == .end { return [] }
    var found = place.branches.map(\.target)
    if !place.branches.contains(where: { $0.condition == nil }) { found.append(place.otherwise) }
    return found
  }
}
