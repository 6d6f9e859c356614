import Core
import Dialogue
import Foundation

@testable import Assistant

/// A rule of the format as one case of a page in `Tests/Behaviour`: flows as authors write them, and a talk with what comes of it.
struct BehaviourCase: Sendable, CustomStringConvertible {
  /// The page it stands in.
  let page: String
  /// The line of its heading.
  let line: Int
  /// Section and rule, as the heading says.
  let title: String
  let profiles: [String]
  /// Text by top-level key (`slots`, `responses`, `flows`, `tools`, `assistant`), then by name.
  let parts: [String: [Entry]]
  let talk: [Line]
  /// What the loader says: severity and words, `none` for nothing.
  let says: [Line]

  struct Entry: Sendable {
    var name: String
    var text: String
  }

  struct Line: Sendable {
    var number: Int
    var text: String
  }

  var description: String { "\(page):\(line) \(title)" }

  /// The cases of a page. What stands before the first heading of the second level is shared by all of them.
  static func read(_ text: String, page: String) -> [BehaviourCase] {
    var cases: [BehaviourCase] = []
    var shared: [String: [Entry]] = [:]
    var open = Draft(title: nil, line: 1)
    func close() {
      if let title = open.title {
        cases.append(
          BehaviourCase(
            page: page, line: open.line, title: title, profiles: open.profiles,
            parts: shared.over(open.parts).asking(open.condition), talk: open.talk, says: open.says))
      } else {
        shared = open.parts
      }
    }
    var fence: String?
    var block: [Line] = []
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = String(raw)
      if let kind = fence {
        guard line == "```" else {
          block.append(Line(number: index + 1, text: line))
          continue
        }
        open.take(kind, block)
        (fence, block) = (nil, [])
      } else if line.hasPrefix("```") {
        fence = String(line.dropFirst(3))
      } else if line.hasPrefix("## ") {
        close()
        open = Draft(title: String(line.dropFirst(3)), line: index + 1)
      } else if line.hasPrefix("profiles: ") {
        open.profiles = line.dropFirst(10).split(separator: " ").map(String.init)
      } else if line.hasPrefix("condition: ") {
        open.condition = String(line.dropFirst(11))
      }
    }
    close()
    return cases
  }

  private struct Draft {
    var title: String?
    var line: Int
    var profiles = ["c13"]
    var condition: String?
    var parts: [String: [Entry]] = [:]
    var talk: [Line] = []
    var says: [Line] = []

    mutating func take(_ kind: String, _ block: [Line]) {
      let lines = block.filter { !$0.text.allSatisfy(\.isWhitespace) }
      switch kind {
      case "yaml": parts = parts.over(Self.entries(of: lines.map(\.text)))
      case "talk": talk += lines
      case "says": says += lines
      default: break
      }
    }

    /// Cuts a text into the entries below its top-level keys.
    private static func entries(of lines: [String]) -> [String: [Entry]] {
      var parts: [String: [Entry]] = [:]
      var key = ""
      for line in lines {
        if !line.hasPrefix(" ") {
          key = String(line.prefix { $0 != ":" })
          parts[key] = parts[key] ?? []
        } else if !line.hasPrefix("   "), !line.hasPrefix("  #"), !line.hasPrefix("  }") {
          let name = String(line.dropFirst(2).prefix { $0 != ":" })
          parts[key, default: []].append(Entry(name: name, text: line))
        } else if let last = parts[key]?.indices.last {
          parts[key]?[last].text += "\n" + line
        }
      }
      return parts
    }
  }
}

extension [String: [BehaviourCase.Entry]] {
  /// These entries, with others in place of those of the same name.
  fileprivate func over(_ others: Self) -> Self {
    merging(others) { mine, theirs in
      mine.filter { entry in !theirs.contains { $0.name == entry.name } } + theirs
    }
  }

  /// These entries with a case's condition in its place.
  fileprivate func asking(_ condition: String?) -> Self {
    guard let condition else { return self }
    return mapValues { entries in
      entries.map { .init(name: $0.name, text: $0.text.replacing("CONDITION", with: condition)) }
    }
  }
}

extension BehaviourCase {
  /// The files of an assistant with the case's flows. Responses that are named and nobody wrote say their own name,
  /// unless the case calls them `unwritten`.
  func files(profile: String) -> [String: String] {
    func chunk(_ key: String) -> String? {
      let entries = (parts[key] ?? []).filter { !$0.text.hasSuffix(": unwritten") }
      guard !entries.isEmpty else { return nil }
      return "\(key):\n" + entries.map(\.text).joined(separator: "\n") + "\n"
    }
    let flows = (parts["flows"] ?? []).map { entry -> String in
      // A description is part of the format and beside the point of nearly every case.
      guard !entry.text.contains("description:"), let end = entry.text.firstIndex(of: "\n") else { return entry.text }
      return entry.text[..<end] + "\n    description: about it" + entry.text[end...]
    }
    var responses = chunk("responses") ?? "responses:\n"
    for name in missingResponses() { responses += "  \(name):\n    - text: \"\(name)\"\n" }
    let own = (parts["assistant"] ?? []).map { $0.text.replacing("\n  ", with: "\n").dropFirst(2) }
    var files = [
      "assistant.yml": "name: behaviour\nlanguage: en-US\nprofile: \(profile)\n" + own.joined(separator: "\n") + "\n",
      "flows/case.yml": "flows:\n" + flows.joined(separator: "\n") + "\n",
      "domain.yml": (chunk("slots") ?? "") + responses,
    ]
    if let tools = chunk("tools") { files["tools.yml"] = "base: http://localhost\n" + tools }
    return files
  }

  private func missingResponses() -> [String] {
    let known = Set((parts["responses"] ?? []).map(\.name))
    let tools = Set((parts["tools"] ?? []).map(\.name))
    var names: Set<String> = []
    for entry in (parts["flows"] ?? []) + (parts["slots"] ?? []) {
      for match in entry.text.matches(of: /\butter_[a-z0-9_]+/) { names.insert(String(match.output)) }
      for match in entry.text.matches(of: /collect: ([a-z0-9_]+)/) where !tools.contains("action_ask_\(match.output.1)")
      {
        names.insert("utter_ask_\(match.output.1)")
      }
    }
    let builtIn = Set(BuiltIn(profile: .c16).draft.responses.keys.map(\.rawValue))
    return names.filter { !known.contains($0) && !builtIn.contains($0) }.sorted()
  }

  /// The assistant of a profile.
  func load(profile: String) throws -> LoadedAssistant { try Folder(files(profile: profile)).load() }

  /// Every case of every page of a folder below `Tests/Behaviour`.
  static func all(in folder: String = "") -> [BehaviourCase] {
    let root = repository + "/Tests/Behaviour" + folder
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted()
    return names.filter { $0.hasSuffix(".md") && $0 != "README.md" }.flatMap { name -> [BehaviourCase] in
      read((try? String(contentsOfFile: root + "/" + name, encoding: .utf8)) ?? "", page: name)
    }
  }
}
