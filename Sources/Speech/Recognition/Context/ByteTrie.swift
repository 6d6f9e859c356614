/// Words by their bytes: from a node, which byte leads where. Node 0 is where every word begins.
struct ByteTrie: Sendable {
  typealias Node = Int

  private(set) var children: [[UInt8: Node]] = [[:]]

  /// Adds a word and says where it ends.
  mutating func insert(_ word: some Sequence<UInt8>) -> Node {
    var node = 0
    for byte in word {
      if let next = children[node][byte] {
        node = next
      } else {
        let next = addNode()
        children[node][byte] = next
        node = next
      }
    }
    return node
  }

  /// Adds a node that no byte leads to.
  mutating func addNode() -> Node {
    children.append([:])
    return children.count - 1
  }

  /// Where a byte leads; nil: no word goes on so.
  func next(_ byte: UInt8, from node: Node) -> Node? { children[node][byte] }
}
