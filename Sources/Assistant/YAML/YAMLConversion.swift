import Core
import Yams

/// Turns the parser's nodes into values and puts them where aliases stand; counts them, so that repetition stays bounded.
struct YAMLConversion {
  let document: YAMLDocument
  let aliases: YAMLAliases
  let repeated: [Unicode.Scalar: String]
  private var anchors: [String: Anchored] = [:]
  private var count = 0
  private var deepest = 0
  private var gaveUp = false

  /// What an alias stands for.
  private struct Anchored {
    let value: YAMLValue?
    /// How many values it holds, itself among them.
    let size: Int
    /// How many levels below its own it has.
    let height: Int
  }

  /// The key under which maps are merged into a map (YAML 1.1, "Merge Key Language-Independent Type").
  static let mergeKey = "<<"

  init(document: YAMLDocument, aliases: YAMLAliases, repeated: [Unicode.Scalar: String]) {
    self.document = document
    self.aliases = aliases
    self.repeated = repeated
  }

  mutating func value(_ node: Node, depth: Int) -> YAMLValue? {
    if case .scalar(let scalar) = node, let name = aliases.name(in: scalar) {
      guard let anchored = anchored(name, at: place(node)),
        take(anchored.size, depth: depth + anchored.height, at: place(node))
      else { return nil }
      return anchored.value
    }
    guard take(1, depth: depth, at: place(node)) else { return nil }
    guard let anchor = node.anchor?.rawValue else { return converted(node, depth: depth) }
    let (before, outer) = (count, deepest)
    deepest = depth
    let value = converted(node, depth: depth)
    anchors[anchor] = Anchored(value: value, size: count - before + 1, height: deepest - depth)
    deepest = max(outer, deepest)
    return value
  }

  /// Whether so many more values, down to a level, are within the limits; told once.
  private mutating func take(_ values: Int, depth: Int, at location: SourceLocation) -> Bool {
    guard !gaveUp else { return false }
    count += values
    deepest = max(deepest, depth)
    let limits = document.limits
    guard count > limits.values || depth > limits.depth else { return true }
    gaveUp = true
    document.log.error(
      .limit, at: location, key: "",
      (depth > limits.depth ? "nested too deeply" : "too many values")
        + (values > 1 ? ", with what this alias stands for" : ""),
      hint: "at most \(limits.depth) levels and \(limits.values) values a file, each repeated one counted")
    return false
  }

  private func anchored(_ name: String, at location: SourceLocation) -> Anchored? {
    if let anchored = anchors[name] { return anchored }
    document.log.error(
      .syntax, at: location, key: "", "not well-formed YAML: found undefined alias `*\(name)`",
      hint: "an alias stands behind its anchor and never inside it: `base: &base {...}`, then `<<: *base`; "
        + "a text that starts with `*` needs quotes")
    return nil
  }

  private mutating func converted(_ node: Node, depth: Int) -> YAMLValue? {
    let location = place(node)
    refuseTag(of: node)
    switch node {
    case .scalar(let scalar):
      let style: YAMLScalar.Style =
        switch scalar.style {
        case .singleQuoted, .doubleQuoted: .quoted
        case .literal, .folded: .block
        default: Self.isTaggedText(scalar) ? .quoted : .plain
        }
      let text = aliases.shown(scalar.string)
      return YAMLValue(location: location, content: .scalar(YAMLScalar(text: text, style: style)))
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
    var own: Set<String> = []
    for (key, node) in mapping {
      guard case .scalar(let scalar) = key else {
        refuseKey(at: place(key))
        continue
      }
      if let sign = scalar.string.unicodeScalars.first, let name = repeated[sign] {
        earlier[aliases.shown(name)] = place(key)
        continue
      }
      if scalar.string == Self.mergeKey, scalar.style == .plain || scalar.style == .any {
        merged = mergedEntries(node, at: place(key), depth: depth + 1)
        continue
      }
      guard let name = name(of: scalar, at: place(key)) else { continue }
      if let first = earlier.removeValue(forKey: name) {
        document.log.error(
          .duplicateKey, at: place(key), key: name, "`\(name)` is written twice in the same map",
          hint: "the first is in line \(first.line); keep one of them")
      }
      guard own.insert(name).inserted else {
        document.log.error(
          .duplicateKey, at: place(key), key: name, "`\(name)` is in the same map already, by an alias")
        continue
      }
      if let value = value(node, depth: depth + 1) {
        entries.append(YAMLEntry(key: name, keyLocation: place(key), value: value))
      }
    }
    return entries + merged.filter { !own.contains($0.key) }
  }

  private func refuseKey(at location: SourceLocation) {
    document.log.error(
      .wrongType, at: location, key: "", "a list or map cannot be a key",
      hint: "braces need quotes when they belong to a text: \"{slot} ...\"")
  }

  /// The text of a key, which may have an anchor of its own or be an alias of a text; nil, with the reason told, for another.
  private mutating func name(of scalar: Node.Scalar, at location: SourceLocation) -> String? {
    guard let alias = aliases.name(in: scalar) else {
      let name = aliases.shown(scalar.string)
      if let anchor = scalar.anchor?.rawValue {
        let value = YAMLValue(location: location, content: .scalar(YAMLScalar(text: name, style: .plain)))
        anchors[anchor] = Anchored(value: value, size: 1, height: 0)
      }
      return name
    }
    guard let anchored = anchored(alias, at: location) else { return nil }
    if case .scalar(let scalar)? = anchored.value?.content { return scalar.text }
    refuseKey(at: location)
    return nil
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
      .syntax, at: place(node), key: "", "the tag `\(aliases.shown(written))` is not read",
      hint: "write the value without a tag; a text that looks like a number goes in quotes")
  }

  private func place(_ node: Node) -> SourceLocation {
    SourceLocation(file: document.file, line: max(1, node.mark?.line ?? 1), column: max(1, node.mark?.column ?? 1))
  }
}
