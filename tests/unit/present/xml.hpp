// A strict reader of the XML that the tool writes: elements, attributes, text and the five named
// references. Whatever else XML has is an error here, and so is all that it forbids.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "present/printable.hpp"

namespace bench::testing {

struct Element {
  std::string name;
  std::map<std::string, std::string, std::less<>> attributes;
  std::vector<Element> children;
  std::string text;  ///< of the element itself, all parts together

  [[nodiscard]] const std::string& operator[](std::string_view attribute) const {
    const auto found = attributes.find(attribute);
    if (found == attributes.end())
      throw std::runtime_error("no attribute " + std::string(attribute));
    return found->second;
  }
  [[nodiscard]] std::vector<Element> all(std::string_view child) const {
    std::vector<Element> found;
    for (const Element& one : children) {
      if (one.name == child) found.push_back(one);
    }
    return found;
  }
};

class XmlReader {
 public:
  /// Throws std::runtime_error, whose message has the rest of the text.
  static Element read(std::string_view text) {
    XmlReader reader(text);
    reader.expect("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    Element root = reader.element();
    reader.expect("\n");
    reader.check(reader.rest_.empty(), "text after the document");
    return root;
  }

 private:
  explicit XmlReader(std::string_view text) : rest_(text) {
    for (std::string_view left = text; !left.empty();) {
      const std::string_view line = left.substr(0, left.find('\n'));
      check(present::printable(line) == line, "a character that is not allowed");
      left.remove_prefix(std::min(left.size(), line.size() + 1));
    }
  }

  void check(bool holds, const std::string& what) const {
    if (!holds) throw std::runtime_error(what + " at: " + std::string(rest_.substr(0, 80)));
  }
  bool take(std::string_view part) {
    if (!rest_.starts_with(part)) return false;
    rest_.remove_prefix(part.size());
    return true;
  }
  void expect(std::string_view part) { check(take(part), "expected " + std::string(part)); }

  std::string name() {
    const std::size_t end = rest_.find_first_not_of("abcdefghijklmnopqrstuvwxyz-");
    check(end != std::string_view::npos && end > 0, "expected a name");
    std::string found(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return found;
  }

  std::string characters_until(char stop) {
    std::string found;
    while (!rest_.empty() && rest_.front() != stop) {
      check(rest_.front() != '<', "< in text");
      if (rest_.front() != '&') {
        found += rest_.front();
        rest_.remove_prefix(1);
        continue;
      }
      const bool known =
          (take("&amp;") && (found += '&', true)) || (take("&lt;") && (found += '<', true)) ||
          (take("&gt;") && (found += '>', true)) || (take("&quot;") && (found += '"', true)) ||
          (take("&apos;") && (found += '\'', true));
      check(known, "& that begins no reference");
    }
    return found;
  }

  Element element() {
    expect("<");
    Element found{.name = name(), .attributes = {}, .children = {}, .text = {}};
    while (take(" ")) {
      const std::string key = name();
      expect("=\"");
      check(found.attributes.emplace(key, characters_until('"')).second, "twice: " + key);
      expect("\"");
    }
    if (take("/>")) return found;
    expect(">");
    while (true) {
      found.text += characters_until('<');
      if (take("</")) break;
      found.children.push_back(element());
    }
    expect(found.name + ">");
    return found;
  }

  std::string_view rest_;
};

}  // namespace bench::testing
