// Files of tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <stdlib.h>

namespace antrean::tests {

// A folder of the test's own, which goes with all that is in it.
class Folder {
public:
    Folder() {
        std::string path = (std::filesystem::temp_directory_path() / "antrean-XXXXXX").string();
        if (!mkdtemp(path.data())) throw std::runtime_error{"mkdtemp failed"};
        path_ = path;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::filesystem::path operator/(const std::filesystem::path& name) const {
        return path_ / name;
    }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Every byte of FILE; none where it cannot be read.
inline std::string content(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace antrean::tests
