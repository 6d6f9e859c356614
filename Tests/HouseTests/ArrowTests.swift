import Foundation
import Testing

/// The plan of the house: who may import whom of ours, as DESIGN.md draws it. An arrow that is not here fails.
private let plan: [String: Set<String>] = [
  "Core": [],
  "Language": ["Core"],
  "Audio": ["Core", "CSpeexDSP"],
  "Signalling": ["Core"],
  "Governance": ["Core"],
  "Inference": ["Core", "COnnxRuntime"],
  "Turns": ["Core", "Language"],
  "Dialogue": ["Core", "Language"],
  "Conversation": ["Core", "Language", "Turns", "Dialogue", "Governance"],
  "Assistant": ["Core", "Language", "Dialogue", "Governance"],
  "Speech": ["Core", "Language", "Audio", "Inference", "CFlite"],
  "Understanding": ["Core", "Language", "Governance", "Inference"],
  "Actions": ["Core", "Governance"],
  "Telephony": ["Core", "Audio", "Signalling"],
  "Storage": ["Core", "Governance"],
  "Calls": ["Core", "Language", "Audio", "Governance", "Conversation"],
  "Insight": ["Core", "Language", "Governance"],
  "Rehearsal": ["Core", "Language", "Dialogue", "Conversation", "Assistant", "Understanding", "Calls"],
  "Server": [
    "Core", "Language", "Audio", "Signalling", "Governance", "Inference", "Conversation", "Assistant", "Speech",
    "Understanding", "Actions", "Telephony", "Storage", "Calls", "Insight", "Rehearsal",
  ],
  "repartee": ["Core", "Assistant", "Inference", "Insight", "Rehearsal", "Server"],
  "TestSupport": ["Core", "Audio", "CAllocationCounter"],
  "ShopSupport": ["Core", "Conversation", "Assistant", "TestSupport"],
  "CFlite": [], "COnnxRuntime": [], "CSpeexDSP": [], "CAllocationCounter": [],
]

/// Libraries that stay on the floors the plan gives them.
private let heavy: [String: Set<String>] = [
  "Hummingbird": ["Server"], "GRDB": ["Storage"], "Yams": ["Assistant", "Server"],
  "ArgumentParser": ["repartee"], "AsyncHTTPClient": ["Actions", "Server"],
]

/// Rooms without I/O: no event loop, no files, no clock.
private let pure: Set<String> = [
  "Core", "Language", "Audio", "Signalling", "Governance", "Turns", "Dialogue", "Conversation",
]

/// The C library's mathematics, which has no I/O, where sound is computed.
private let mathematics: Set<String> = ["Audio"]

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

private func swiftFiles(in room: String) -> [URL] {
  let folder = root.appending(path: "Sources/\(room)")
  let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
  return all.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
}

private func imports(of file: URL) throws -> [String] {
  try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
    let words = line.split(separator: " ")
    guard let index = words.firstIndex(of: "import"), index <= 3, words.count > index + 1,
      words[..<index].allSatisfy({
        $0.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains($0)
      })
    else { return nil }
    return String(words[words.count - 1].split(separator: ".")[0])
  }
}

private var rooms: [String] {
  get throws {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path).filter {
      !$0.hasPrefix(".")
    }.sorted()
  }
}

@Suite struct `The house` {
  @Test func `has no room that the plan does not know`() throws {
    for room in try rooms { #expect(plan[room] != nil, "Sources/\(room) is not on the plan") }
  }

  @Test func `has no arrow that the plan does not draw`() throws {
    var seen = 0
    for room in try rooms {
      for file in swiftFiles(in: room) {
        for name in try imports(of: file) where plan[name] != nil && name != room {
          seen += 1
          #expect(plan[room]?.contains(name) == true, "\(room) imports \(name) in \(file.lastPathComponent)")
        }
      }
    }
    #expect(seen > 50, "the test reads imports at all")
  }

  @Test func `keeps heavy libraries on their floors`() throws {
    for room in try rooms {
      for file in swiftFiles(in: room) {
        for name in try imports(of: file) {
          if let allowed = heavy[name] {
            #expect(allowed.contains(room), "\(room) imports \(name) in \(file.lastPathComponent)")
          }
        }
      }
    }
  }

  @Test func `keeps pure rooms pure`() throws {
    let impure = ["Foundation", "NIO", "NIOCore", "NIOPosix", "Dispatch", "Glibc", "GRDB", "Crypto", "Logging"]
    for room in pure {
      for file in swiftFiles(in: room) {
        for name in try imports(of: file) {
          if name == "Glibc", mathematics.contains(room) { continue }
          #expect(!impure.contains(name), "\(room) imports \(name) in \(file.lastPathComponent)")
        }
      }
    }
  }

  @Test func `has no file longer than 400 lines, and half of them at most 100`() throws {
    var lengths: [Int] = []
    for folder in ["Sources", "Tests"] {
      let all = FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil)
      for case let file as URL in all?.allObjects ?? [] where file.pathExtension == "swift" {
        let lines = try String(contentsOf: file, encoding: .utf8).count { $0.isNewline }
        #expect(lines <= 400, "\(file.lastPathComponent) has \(lines) lines")
        lengths.append(lines)
      }
    }
    try #require(lengths.count > 100)
    #expect(lengths.sorted()[lengths.count / 2] <= 100)
  }

  @Test func `writes to the terminal in one place, which escapes what others wrote`() throws {
    for file in swiftFiles(in: "repartee") where file.lastPathComponent != "Terminal.swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for call in ["print(", "FileHandle.standard", "fputs(", "puts("] {
        #expect(!text.contains(call), "\(file.lastPathComponent) writes with \(call)")
      }
    }
  }

  /// Who reads a caller's value, and what for. What leaves the process is not among them: it passes `DataPolicy.grant`.
  private static let readers: [String: String] = [
    "Core/Sensitive.swift": "is it", "Core/Fact.swift": "asks of it", "Core/SlotValue.swift": "reads it as text",
    "Governance/DataPolicy.swift": "lets it out", "Dialogue/PredicateEvaluator.swift": "compares it",
    "Dialogue/SlotCoercion.swift": "checks it", "Language/HeardFeatures.swift": "describes it",
    "Language/SpokenForm.swift": "makes it words", "Understanding/EmbeddedUnderstander.swift": "understands it",
    "Understanding/OtherReadings.swift": "understands what it may have been besides",
    "Conversation/Conversation+Hearing.swift": "joins the words of a turn",
    "Calls/Session+Understanding.swift": "reads a button",
    "Rehearsal/RehearsedCall.swift": "plays the caller",
    "Actions/HTTPToolInvoker+Revealing.swift": "sees whether it is there",
    "Actions/ToolArguments.swift": "takes what the policy let out",
    "Telephony/SIPEndpoint.swift": "a password of the operator",
  ]

  @Test func `reads callers' values in no file that is not named here`() throws {
    var found: Set<String> = []
    for room in try rooms where room != "TestSupport" {
      for file in swiftFiles(in: room) {
        let text = try String(contentsOf: file, encoding: .utf8)
        let code = text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
        if code.contains(where: {
          $0.contains(".revealed") && !$0.contains(".revealedText") || $0.contains("var revealed:")
        }) {
          found.insert("\(room)/\(file.lastPathComponent)")
        }
      }
    }
    #expect(found == Set(Self.readers.keys))
  }

  @Test func `has a page for each room`() throws {
    for room in try rooms {
      #expect(
        FileManager.default.fileExists(atPath: root.appending(path: "Sources/\(room)/README.md").path),
        "Sources/\(room) has no README.md")
    }
  }
}
