import Core
import Yams

/// Turns the parser's nodes into values; counts them, so that repetition through aliases stays bounded.
struct YAMLConversion {
  let document: YAMLDocument
  let repeated: [Unicode.Scalar: String]
  private var count = 0
  private var gaveUp = false

  /// The key under which maps are merged into a map (YAML 1.1, "Merge Key Language-Independent Type").
  static let mergeKey = "<<"

  init(document: YAMLDocument, repeated: [Unicode.Scalar: String]) {
    self.document = document
    self.repeated = repeated
  }

  mutating func value(_ node: Node, depth: Int) -> YAMLValue? {
    count += 1
    let location = place(node)
    guard !gaveUp, count <= document.limits.values, depth <= document.limits.depth else {
      if !gaveUp {
        gaveUp = true
        document.log.error(
          .limit, at: location, key: "", depth > document.limits.depth ? "nested too deeply" : "too many values",
          hint: "at most \(document.limits.depth) levels and \(document.limits.values) values a file")
      }
      return nil
    }
    refuseTag(of: node)
    switch node {
    case .scalar(let scalar):
      let style: YAMLScalar.Style =
        switch scalar.style {
        case .singleQuoted, .doubleQuoted: .quoted
        case .literal, .folded: .block
        default: Self.isTaggedText(scalar) ? .quoted : .plain
        }
      return YAMLValue(location: location, content: .scalar(YAMLScalar(text: scalar.string, style: style)))
    case .sequence(let sequence):
      var values: [YAMLValue] = []
      for item in sequence { values += value(item, depth: depth + 1).map { [$0] } ?? [] }
      return YAMLValue(location: location, content: .sequence(values))
    case .mapping(let mapping):
      return YAMLValue(location: location, content: .mapping(entries(mapping, depth: depth)))
    case .alias:
      return nil
    }
  }

  private mutating func entries(_ mapping: Node.Mapping, depth: Int) -> [YAMLEntry] {
    var entries: [YAMLEntry] = []
    var earlier: [String: SourceLocation] = [:]
    var merged: [YAMLEntry] = []
    for (key, node) in mapping {
      guard case .scalar(let scalar) = key else {
        document.log.error(
          .wrongType, at: place(key), key: "", "a list or map cannot be a key",
          hint: "braces need quotes when they belong to a text: \"{slot} ...\"")
        continue
      }
      if let sign = scalar.string.unicodeScalars.first, let name = repeated[sign] {
        earlier[name] = place(key)
        continue
      }
      if scalar.string == Self.mergeKey, scalar.style == .plain || scalar.style == .any {
        merged = mergedEntries(node, at: place(key), depth: depth + 1)
        continue
      }
      let name = scalar.string
      if let first = earlier.removeValue(forKey: name) {
        document.log.error(
          .duplicateKey, at: place(key), key: name, "`\(name)` is written twice in the same map",
          hint: "the first is in line \(first.line); keep one of them")
      }
      if let value = value(node, depth: depth + 1) {
        entries.append(YAMLEntry(key: name, keyLocation: place(key), value: value))
      }
    }
    let own = Set(entries.map(\.key))
    return entries + merged.filter { !own.contains($0.key) }
  }

  /// The entries of what stands under `<<`: a map, or a list of maps of which an earlier one is stronger.
  private mutating func mergedEntries(_ node: Node, at location: SourceLocation, depth: Int) -> [YAMLEntry] {
    var sources: [YAMLValue] = []
    switch value(node, depth: depth) {
    case let map? where map.isMapping: sources = [map]
    case let list?:
      if case .sequence(let items) = list.content, items.allSatisfy(\.isMapping) {
        sources = items
      } else {
        document.log.error(
          .wrongType, at: location, key: Self.mergeKey, "only maps can be merged into a map",
          hint: "write `<<: *name` or `<<: [*one, *other]`, where `&name` stands before a map")
      }
    case nil: break
    }
    var names: Set<String> = []
    var found: [YAMLEntry] = []
    for case .mapping(let entries) in sources.map(\.content) {
      for entry in entries where names.insert(entry.key).inserted { found.append(entry) }
    }
    return found
  }

  /// Whether a bare value was made a text by `!!str`, although it looks like something else.
  private static func isTaggedText(_ scalar: Node.Scalar) -> Bool {
    scalar.tag.rawValue == Tag.Name.str.rawValue && Resolver.default.resolveTag(of: Node(scalar.string)) != .str
  }

  /// Where the tags of YAML itself begin.
  private static let ownTags = "tag:yaml.org,2002:"
  /// Those of them that no key here takes.
  private static let unusedTags: Set<Tag.Name> = [.binary, .omap, .pairs, .set]

  /// Refuses tags whose meaning would be lost: those of programs, and those of YAML that no key here takes.
  private func refuseTag(of node: Node) {
    let tag = node.tag.rawValue
    let isOwn = tag.hasPrefix(Self.ownTags)
    guard !isOwn || Self.unusedTags.contains(Tag.Name(rawValue: tag)) else { return }
    let written = isOwn ? "!!" + tag.dropFirst(Self.ownTags.count) : tag
    document.log.error(
      .syntax, at: place(node), key: "", "the tag `\(written)` is not read",
      hint: "write the value without a tag; a text that looks like a number goes in quotes")
  }

  private func place(_ node: Node) -> SourceLocation {
    SourceLocation(file: document.file, line: max(1, node.mark?.line ?? 1), column: max(1, node.mark?.column ?? 1))
  }
}
